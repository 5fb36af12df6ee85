//===- Completions.cpp - What Tab may put in ------------------------------===//

#include "runtime/terminal/Completions.h"

#include <dirent.h>
#include <sys/stat.h>

using namespace tritc;
using namespace tritc::terminal;

/// Of a folder with more, the first ones are offered.
static constexpr size_t mostCandidates = 1000;

void Completions::offer(std::string_view candidate) {
  if (!candidate.starts_with(word()) || size() == mostCandidates)
    return;
  candidates.push({names.size(), candidate.size()});
  names.append(candidate);
}

void Completions::offerFiles() {
  std::string_view partial = word();
  size_t slash = partial.rfind('/');
  size_t folderBytes = slash == partial.npos ? 0 : slash + 1;

  // ~/ is the user's folder for the system, and stays as it is on the screen.
  base::Array<char> folder;
  const char *home = getenv("HOME");
  bool isHome = partial.starts_with("~/") && home;
  if (isHome)
    folder.append(home);
  folder.append(partial.data() + isHome, folderBytes - isHome);
  size_t nameAt = folder.size();
  folder.push(0);
  DIR *open = opendir(folderBytes ? folder.data() : ".");
  if (!open)
    return;
  bool wantsHidden =
      partial.size() > folderBytes && partial[folderBytes] == '.';
  while (const dirent *entry = readdir(open)) {
    std::string_view name = entry->d_name;
    if (name == "." || name == ".." || (name[0] == '.' && !wantsHidden))
      continue;
    base::Array<char> path, candidate;
    path.append(folder.data(), nameAt);
    path.append(name);
    path.push(0);
    candidate.append(partial.data(), folderBytes);
    candidate.append(name);
    struct stat status;
    if (!stat(path.data(), &status) && S_ISDIR(status.st_mode))
      candidate.push('/');
    offer(candidate.view());
  }
  closedir(open);
}

std::string_view Completions::common() const {
  std::string_view shared = size() ? (*this)[0] : "";
  for (size_t index = 1; index < size(); ++index) {
    std::string_view other = (*this)[index];
    while (!other.starts_with(shared))
      shared.remove_suffix(1);
  }
  return shared;
}
