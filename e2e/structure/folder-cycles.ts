export interface Import {
  from: string
  to: string
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'))

function folderGraph(imports: readonly Import[]): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [source, target] = [folderOf(from), folderOf(to)]
    if (source === target) continue
    graph.set(source, (graph.get(source) ?? new Set<string>()).add(target))
  }
  return graph
}

/** Finds folders that import each other: strongly connected components (Tarjan 1972). A subfolder is another folder. */
export function findFolderCycles(imports: readonly Import[]): string[][] {
  const graph = folderGraph(imports)
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const cycles: string[][] = []

  const visit = (folder: string): void => {
    const number = order.size
    order.set(folder, number)
    lowest.set(folder, number)
    stack.push(folder)
    for (const target of graph.get(folder) ?? []) {
      if (!order.has(target)) visit(target)
      if (stack.includes(target)) lowest.set(folder, Math.min(lowest.get(folder)!, lowest.get(target)!))
    }
    if (lowest.get(folder) !== number) return
    const component = stack.splice(stack.indexOf(folder))
    if (component.length > 1) cycles.push(component.toSorted())
  }
  for (const folder of graph.keys()) if (!order.has(folder)) visit(folder)
  return cycles
}

/** Matches static, dynamic and type-only imports and the files of workers, also inside comments. */
const SPECIFIER = /(?:\bfrom|\bimport|\bimport\s*\(|\bnew URL\()\s*['"](\.{1,2}\/[^'"]+)['"]/g

export function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(SPECIFIER)].map(([, specifier]) => ({
    from: file,
    to: new URL(specifier!, `file:///${file}`).pathname.slice(1),
  }))
}
