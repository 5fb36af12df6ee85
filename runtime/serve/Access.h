//===- Access.h - Who may ask ---------------------------------------------===//
//
// A page in a browser can send requests to this machine, and with a name of its
// own that it points here (DNS rebinding) read the answers. So names of this
// server are known beforehand, and who asks from another page must be, too.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/chat/Options.h"
#include "runtime/http/Exchange.h"
#include "runtime/serve/Problem.h"

namespace tritc::serve {

class Access {
public:
  /// Reads keys from options, file and environment. `isLocal`: nobody but this
  /// machine reaches the server.
  base::Failure start(const chat::Settings &settings, bool isLocal);

  /// Whether somebody from outside could ask without a key, which must have
  /// been said.
  bool hasKeys() const { return !keys.empty(); }

  /// Whether the request is for this server, and from nobody else's page; what
  /// the answer says about that is added to it.
  Problem checkOrigin(http::Exchange &exchange) const;
  /// Whether it has a key.
  Problem checkKey(const http::Request &request) const;

private:
  bool isOurs(std::string_view authority) const;
  bool isKey(std::string_view given) const;
  void addKeys(std::string_view lines);

  chat::TextList hosts, origins;
  std::string_view ownHost;
  base::Array<char> keys; ///< each with a line feed behind it
  bool isLocal = true;
};

} // namespace tritc::serve
