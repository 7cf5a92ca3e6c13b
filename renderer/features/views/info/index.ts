import { Info } from 'lucide-react'
import type { ArrayView } from '../../../model/array-views.ts'
import { InfoView } from './info-pane.tsx'

export const INFO_VIEW: ArrayView = {
  id: 'info',
  title: 'Info',
  icon: Info,
  commandTitle: 'Show information about the array',
  key: '5',
  supports: () => true,
  component: InfoView,
  isKept: true,
  bar: null,
}
