declare module 'markdown-it' {
  export default class MarkdownIt {
    render(markdown: string): string
  }
}
