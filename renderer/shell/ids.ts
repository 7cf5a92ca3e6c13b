/** The element that shows the store whose tab is selected. */
export const STORE_PANEL_ID = 'store'

/** The tab of the store at a path. Ids have no spaces: lists of them are separated by those. */
export const tabId = (path: string): string => `tab-${encodeURIComponent(path)}`
