import { COLUMNS_VIEW } from '../features/views/columns/index.ts'
import { GRID_VIEW } from '../features/views/grid/index.ts'
import { IMAGE_VIEW } from '../features/views/image/index.ts'
import { INFO_VIEW } from '../features/views/info/index.ts'
import { PLOT_VIEW } from '../features/views/plot/index.ts'
import type { ArrayView } from '../model/array-views.ts'

/** Every view, in the order of the view switch. The first one can show any array. */
export const VIEWS: readonly ArrayView[] = [GRID_VIEW, PLOT_VIEW, IMAGE_VIEW, COLUMNS_VIEW, INFO_VIEW]
