//===- Licenses.cpp - Under which terms a program is passed on ------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Report.h"

using namespace tritc;
using namespace tritc::chat;

// NOTICE and LICENSE of the root, as literals.
static constexpr char notice[] =
#include "runtime/chat/Notice.inc"
    ;
static constexpr char license[] =
#include "runtime/chat/License.inc"
    ;

base::Failure chat::runLicenses(Context context) {
  if (context.settings.json) {
    Report report(context.out, /*asJson=*/true);
    report.text("notice", notice);
    report.text("license", license);
    return {};
  }
  context.out.write(notice);
  context.out.write("\n\n");
  context.out.write(license);
  return {};
}
