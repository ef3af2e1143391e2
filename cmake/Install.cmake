# What `cmake --install` puts on a machine besides the programs. The example configurations go to
# the documentation and never to /etc, so that an upgrade cannot change how a machine behaves.
set(snapferry_unit_dir lib/systemd/system CACHE STRING
  "Where systemd units go, below the prefix (systemd looks into /usr and /usr/local)")

# The units name the programs by their full path, whatever the prefix is.
foreach(unit snapferry-send@.service snapferry-send.service snapferry-verify.service
    snapferry-drill.service)
  file(READ ${PROJECT_SOURCE_DIR}/systemd/${unit} service_unit)
  string(REPLACE /usr/local/sbin/ ${CMAKE_INSTALL_FULL_SBINDIR}/ service_unit "${service_unit}")
  file(CONFIGURE OUTPUT systemd/${unit} CONTENT "${service_unit}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS systemd/${unit})
endforeach()

install(FILES
  ${PROJECT_BINARY_DIR}/systemd/snapferry-send@.service
  ${PROJECT_BINARY_DIR}/systemd/snapferry-send.service
  ${PROJECT_BINARY_DIR}/systemd/snapferry-verify.service
  ${PROJECT_SOURCE_DIR}/systemd/snapferry-send@.timer
  ${PROJECT_SOURCE_DIR}/systemd/snapferry-verify.timer
  ${PROJECT_BINARY_DIR}/systemd/snapferry-drill.service
  ${PROJECT_SOURCE_DIR}/systemd/snapferry-drill.timer
  DESTINATION ${snapferry_unit_dir})
install(FILES packaging/send.toml.example packaging/receive.toml.example
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES packaging/lnav/snapferry.json DESTINATION ${CMAKE_INSTALL_DOCDIR}/lnav)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN man EXCLUDE)
install(FILES docs/man/snapshot-send.8 docs/man/snapshot-receive.8 docs/man/snapferry.8
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES docs/man/snapferry-send.toml.5 docs/man/snapferry-receive.toml.5
  DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)

# One file for all three programs, where each shell looks by the name of the program.
foreach(program snapferry snapshot-send snapshot-receive)
  install(FILES packaging/completions/snapferry.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${program})
  install(FILES packaging/completions/snapferry.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME ${program}.fish)
endforeach()
# Debian's zsh looks into another directory for packages than for what is installed by hand.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(snapferry_zsh_dir ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
else()
  set(snapferry_zsh_dir ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
install(FILES packaging/completions/_snapferry DESTINATION ${snapferry_zsh_dir})
