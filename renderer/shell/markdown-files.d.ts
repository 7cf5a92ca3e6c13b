/** A Markdown file as HTML (renderer/text/markdown-files.ts). */
declare module '*.md' {
  const html: string
  export default html
}
