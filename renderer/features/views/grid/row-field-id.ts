/** The element id of the field for the row number. */
export const ROW_FIELD_ID = 'row-field'
