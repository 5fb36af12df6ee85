//===- ChatText.h - A conversation as ids, piece by piece -----------------===//
#pragma once

#include "runtime/abi/ChatTemplate.h"
#include "runtime/base/Array.h"
#include "runtime/chat/Model.h"

namespace tritc::chat {

/// Takes the pieces of a template and the contents between them, in order, and
/// makes ids of them. Text between the template's tokens is encoded as one,
/// across the borders of template and content, as the template's authors do;
/// these tokens are recognised in pieces only, so that no user can forge one.
class ChatText {
public:
  /// Times in pieces are those of now.
  explicit ChatText(const Model &model);

  /// Starts anew. Ids replace those in `ids`; the text goes to `text`, unless
  /// that is null. Both outlive the rendering.
  void begin(base::Array<int32_t> &ids, base::Array<char> *text);
  void piece(TritcSpan span);
  void content(std::string_view content, const TritcTrim &trim);
  /// A content that is ids already, of which bytes [begin, end) are left: ids
  /// stay as they are, but for those that the borders cut through.
  void answer(std::span<const int32_t> ids, std::string_view bytes,
              uint64_t begin, uint64_t end);
  void end();

private:
  void literal(std::string_view text);
  void append(std::string_view text);
  void flush();
  void pushId(int32_t id);

  const Model &model;
  struct tm now;
  base::Array<int32_t> *ids = nullptr;
  base::Array<char> *text = nullptr;
  base::Array<char> pending;  ///< text that is not encoded yet
  base::Array<char> expanded; ///< a piece with its times
  base::Array<text::PieceStep> steps;
  bool swallowsSpace = false; ///< the token in front strips what follows
};

} // namespace tritc::chat
