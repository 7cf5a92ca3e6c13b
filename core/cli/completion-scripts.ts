/** Each hands the words up to the cursor to `numpack complete`, which prints one text a line, or `:paths`. */

const BASH = String.raw`
# Completes numpack in bash: eval "$(numpack completion bash)"
_numpack() {
  local current=${'${COMP_WORDS[COMP_CWORD]}'} found line
  found=$(numpack complete -- "${'${COMP_WORDS[@]:1:COMP_CWORD}'}" 2>/dev/null)
  COMPREPLY=()
  if [ "$found" = :paths ]; then
    compopt -o filenames
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
  elif [ -n "$found" ]; then
    while IFS= read -r line; do COMPREPLY+=("$(printf '%q' "$line")"); done <<< "$found"
  fi
}
complete -F _numpack numpack
`

const ZSH = String.raw`
#compdef numpack
# Completes numpack in zsh: eval "$(numpack completion zsh)"
_numpack() {
  local -a found
  found=("${'${(@f)$(numpack complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}'}")
  if [[ $found == :paths ]]; then _files; else compadd -- $found; fi
}
compdef _numpack numpack
`

const FISH = String.raw`
# Completes numpack in fish: numpack completion fish | source
function __numpack_complete
  set -l words (commandline -opc)
  set -l found (numpack complete -- $words[2..] (commandline -ct) 2>/dev/null)
  if test "$found" = :paths
    __fish_complete_path (commandline -ct)
  else
    printf '%s\n' $found
  end
end
complete -c numpack -f -a '(__numpack_complete)'
`

const POWERSHELL = String.raw`
# Completes numpack in PowerShell: numpack completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName numpack -ScriptBlock {
  param($word, $ast, $cursor)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.Extent.Text.Trim('"', "'") })
  if ($word -eq '') { $words += '' }
  $found = @(numpack complete -- @words 2>$null)
  # PowerShell completes paths where nothing is given.
  if ($found.Count -eq 1 -and $found[0] -eq ':paths') { return }
  $found | ForEach-Object {
    $text = if ($_ -match '\s') { "'$_'" } else { $_ }
    [System.Management.Automation.CompletionResult]::new($text, $_, 'ParameterValue', $_)
  }
}
`

export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL } as const
