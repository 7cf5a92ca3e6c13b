export const STORE_PANEL_ID = 'store'

/** Returns the id of a store's tab. Ids must not contain spaces: they separate ids in lists. */
export const tabId = (path: string): string => `tab-${encodeURIComponent(path)}`
