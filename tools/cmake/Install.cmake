# Install.cmake - What `cmake --install` puts where, but for the headers and CMake
# files of runtime/library, which has rules of its own.
#
#   component    what
#   tritc        programs, the resource folders, licences, systemd's units
#   development  tritc.h, tritc.hpp, find_package(tritc)
#   python       the package tritc
#
# An installed tritc may be moved as a whole: it finds its resource folders from
# the place of its program.

# Debian's Python looks here; PYTHONPATH serves every other prefix than /usr.
set(TRITC_PYTHON_FOLDER lib/python3/dist-packages
    CACHE STRING "Where the Python package is installed")

install(TARGETS tritc tritc-opt tritc-synth
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tritc)
install(FILES LICENSE NOTICE CHANGELOG.md README.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT tritc)
install(FILES samples/serve/tritc@.service samples/serve/tritc@.socket
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT tritc)

# Not whole folders: a build folder keeps what older versions made.
cmake_path(SET resources NORMALIZE ${CMAKE_INSTALL_BINDIR}/../lib/tritc)
get_property(files GLOBAL PROPERTY TRITC_RESOURCE_FILES)
foreach(file ${files})
  cmake_path(GET file PARENT_PATH folder)
  cmake_path(GET folder FILENAME system)
  install(FILES ${file} DESTINATION ${resources}/${system} COMPONENT tritc)
endforeach()

install(DIRECTORY runtime/library/python/tritc DESTINATION ${TRITC_PYTHON_FOLDER}
        COMPONENT python PATTERN __pycache__ EXCLUDE PATTERN "*.pyc" EXCLUDE)
