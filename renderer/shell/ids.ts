/** The element that shows the store whose tab is selected. */
export const STORE_PANEL_ID = 'store'
