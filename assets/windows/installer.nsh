# Parts of the Windows installer beyond electron-builder's. The program itself writes the keys of its menu entries
# (electron/main/folder-menu.ts), with its switch --register-folder-menu.

!macro customInstall
  nsExec::Exec '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --register-folder-menu'
  Pop $R0
  CreateShortCut "$SENDTO\${PRODUCT_NAME}.lnk" "$INSTDIR\${APP_EXECUTABLE_FILENAME}"
!macroend

!macro customUnInstall
  DeleteRegKey HKCU "Software\Classes\Directory\shell\NumPackExplorer"
  DeleteRegKey HKCU "Software\Classes\Directory\Background\shell\NumPackExplorer"
  Delete "$SENDTO\${PRODUCT_NAME}.lnk"
!macroend
