import { FileWarning, Link2, ListX, Rows3 } from 'lucide-react'
import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { CommandButton } from '../../../components/command-button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { toSentence, pluralize, formatShape } from '../../../ui/format.ts'

export const DamagedArray = ({ array }: { array: ArrayInfo }) => (
  <EmptyState
    icon={FileWarning}
    title="This array can’t be read"
    warning
    actions={<CommandButton id="copyStorePath" />}
  >
    <p>{toSentence(array.damaged ?? 'its dtype is not known to this version')}</p>
    <p>
      The other arrays of the store are not affected. Restore this one from a backup, or save it again from Python: it
      then appears here by itself.
    </p>
  </EmptyState>
)

export const ArrayBehindLink = ({ array }: { array: ArrayInfo }) => (
  <EmptyState icon={Link2} title="This array lies behind a symbolic link" actions={<CommandButton id="followLinks" />}>
    <p>{toSentence(array.damaged ?? '')}</p>
    <p>
      A link may lead to any file of yours, so links in a store are not followed until you allow it. They are then
      followed for reading only, now and whenever this store is opened.
    </p>
  </EmptyState>
)

export const NoElements = ({ array }: { array: ArrayInfo }) => (
  <EmptyState
    icon={Rows3}
    title={array.physicalShape[0] === 0 ? 'This array has no rows' : 'This array has no elements'}
  >
    Its shape is {formatShape(array.physicalShape)}, so there is nothing to show. Appended rows appear here.
  </EmptyState>
)

export const AllDeleted = ({ array }: { array: ArrayInfo }) => (
  <EmptyState icon={ListX} title="Every row is deleted" actions={<CommandButton id="showDeleted" />}>
    {array.deletedRows === 1 ? 'The only row is' : `All ${pluralize(array.deletedRows, 'row')} are`} still on disk,
    marked as deleted.
  </EmptyState>
)

export const NoneDeleted = () => (
  <EmptyState icon={Rows3} title="No row of this array is deleted" actions={<CommandButton id="hideDeleted" />}>
    The window shows deleted rows only. Show the other rows to see the array.
  </EmptyState>
)
