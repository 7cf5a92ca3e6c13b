/** Tests that go through all moments of an operation try every one, on Windows every fourth: its files are slow. */
export const STRIDE = process.platform === 'win32' ? 4 : 1
