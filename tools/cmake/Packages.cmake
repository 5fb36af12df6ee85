# Packages.cmake - The Debian packages that `cpack -G DEB` makes of what Install.cmake
# and runtime/library install: tritc, libtritc-dev and python3-tritc.
#
# Each is a group of two components: what it installs anywhere, and `debian-…`
# with what Debian wants of every package, which no other installation gets.

set(CPACK_PACKAGE_VENDOR "the authors of tritc")
set(CPACK_PACKAGE_CONTACT "the authors of tritc <tritc@tritc.invalid>"
    CACHE STRING "Who maintains the packages, as Debian writes it")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL)

set(folder ${CMAKE_BINARY_DIR}/debian)
file(READ ${CMAKE_SOURCE_DIR}/LICENSE license)
file(READ ${CMAKE_SOURCE_DIR}/NOTICE notice)
file(WRITE ${folder}/copyright
     "Copyright the authors of tritc.\n\n${license}\n\n${notice}")
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${folder}/changelog "tritc (${PROJECT_VERSION}) unstable; urgency=medium

  * See /usr/share/doc/tritc/CHANGELOG.md.gz or the source's CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
execute_process(COMMAND gzip -9nfk ${folder}/changelog COMMAND_ERROR_IS_FATAL ANY)

# tritc_debian_package(COMPONENT PACKAGE SECTION SUMMARY DESCRIPTION)
macro(tritc_debian_package component package section summary description)
  set(group package-${component})
  install(FILES ${folder}/copyright ${folder}/changelog.gz
          DESTINATION share/doc/${package}
          COMPONENT debian-${component} EXCLUDE_FROM_ALL)
  foreach(member ${component} debian-${component})
    list(APPEND CPACK_COMPONENTS_ALL ${member})
    string(TOUPPER ${member} upper)
    set(CPACK_COMPONENT_${upper}_GROUP ${group})
  endforeach()
  string(TOUPPER ${group} upper)
  set(CPACK_COMPONENT_GROUP_${upper}_DESCRIPTION "${summary}\n${description}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary}\n${description}")
endmacro()

tritc_debian_package(tritc tritc devel "compiler for BitNet language models"
"tritc compiles a BitNet b1.58 checkpoint into one static executable that chats,
made for exactly these weights and for one kind of processor.")
set(CPACK_DEBIAN_PACKAGE-TRITC_PACKAGE_SHLIBDEPS ON)
# Loaded when a model is downloaded, so no dependency that shlibdeps sees.
set(CPACK_DEBIAN_PACKAGE-TRITC_PACKAGE_RECOMMENDS "libcurl4, ca-certificates")

tritc_debian_package(development libtritc-dev libdevel
"headers for models compiled by tritc"
"What C, C++ and CMake projects need to use a model that tritc made a library.")
set(CPACK_DEBIAN_PACKAGE-DEVELOPMENT_PACKAGE_DEPENDS
    "tritc (= ${PROJECT_VERSION})")

tritc_debian_package(python python3-tritc python "compiled BitNet models in Python"
"What Python programs need to use a model that tritc made a library.")
set(CPACK_DEBIAN_PACKAGE-PYTHON_PACKAGE_DEPENDS "python3 (>= 3.9)")
set(CPACK_DEBIAN_PACKAGE-PYTHON_PACKAGE_RECOMMENDS "python3-numpy")
set(CPACK_DEBIAN_PACKAGE-PYTHON_PACKAGE_ARCHITECTURE all)

include(CPack)
