# Does what shared/windows/hold.c does, on a Windows without a compiler: hold.ps1 PATH MODE [SECONDS]
param([string]$Path, [string]$Mode, [double]$Seconds = -1)
$ErrorActionPreference = 'Stop'
$share = switch (($Mode -split '\+')[0]) {
  'none' { 'None' }
  'read' { 'Read' }
  'readwrite' { 'ReadWrite' }
  'all' { 'ReadWrite, Delete' }
}
$file = [IO.File]::Open($Path, 'Open', 'Read', $share)
if ($Mode.EndsWith('+map')) {
  $map = [IO.MemoryMappedFiles.MemoryMappedFile]::CreateFromFile($file, $null, 0, 'Read', 'None', $true)
  $view = $map.CreateViewAccessor(0, 0, 'Read')
}
[Console]::Out.WriteLine('held')
[Console]::Out.Flush()
if ($Seconds -ge 0) { Start-Sleep -Milliseconds ($Seconds * 1000) } else { [Console]::In.ReadToEnd() | Out-Null }
