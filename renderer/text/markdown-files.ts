import MarkdownIt from 'markdown-it'
import type { Plugin } from 'vite'

/** Turns an imported Markdown file into a string of HTML. HTML in the file becomes text. */
export const markdownFiles: Plugin = {
  name: 'markdown-files',
  transform: (code, id) =>
    id.endsWith('.md') ? { code: `export default ${JSON.stringify(new MarkdownIt().render(code))}`, map: null } : null,
}
