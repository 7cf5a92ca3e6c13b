export const ROW_FIELD_ID = 'row-field'
