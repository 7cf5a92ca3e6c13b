const MARKUP = [
  '<script>window.attacked=1</script>',
  '<img src=x onerror="window.attacked=1" data-attack>',
  '<b data-attack>bold</b>',
  '"><svg onload="window.attacked=1" data-attack>',
  "' onmouseover='window.attacked=1",
  '" autofocus onfocus="window.attacked=1',
  '<a href="javascript:window.attacked=1" data-attack>a</a>',
  '<iframe srcdoc="<script>parent.attacked=1</script>" data-attack></iframe>',
  '<style data-attack>*{display:none}</style>',
  '<!--',
  ']]><x data-attack/>',
  '</title><script>window.attacked=1</script>',
  '&lt;img src=x&gt;',
  '&#60;script&#62;',
  '{{constructor.constructor("window.attacked=1")()}}',
  '${window.attacked=1}',
  'javascript:window.attacked=1',
  'url(javascript:window.attacked=1)',
]
const TERMINAL = [
  '\u001b[31mred',
  '\u001b]52;c;aGFja2Vk\u0007',
  '\u001b[2J\u001b[H',
  '\u009b31m',
  'a\rb',
  'a\nb',
  'a\tb',
  'a\u0008\u0008b',
  '\u007f',
]
const INVISIBLE = [
  '\u202egnp.exe',
  '\u2066left\u2069',
  '\u200eltr\u200frtl\u061c',
  'zero\u200bwidth\u200djoiner',
  '\ufeffbom',
  'line\u2028paragraph\u2029',
  '\u{e0041}\u{e0042}tags',
  'e\u0301'.repeat(40),
  '👩‍👩‍👧‍👦',
]
const OTHERS = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'x'.repeat(241),
  '名'.repeat(80),
  '"; import os; os.system("x") #',
  "\\'); alert(1); //",
]

export const HOSTILE_NAMES: readonly string[] = [...MARKUP, ...TERMINAL, ...INVISIBLE, ...OTHERS]
