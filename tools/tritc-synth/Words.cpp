//===- Words.cpp - The text a synthetic tokenizer learns from -------------===//

#include "tools/tritc-synth/Words.h"

namespace tritc::synth {

static constexpr llvm::StringLiteral words =
    "the of and to a in is it you that he was for on are with as his "
    "they be at one have this from or had by hot but some what there we "
    "can out other were all your when up use word how said an each she "
    "which do their time if will way about many then them would write "
    "like so these her long make thing see him two has look more day "
    "could go come did my sound no most number who over know water than "
    "call first people may down side been now find any new work part "
    "take get place made live where after back little only round man "
    "year came show every good me give our under name very through just "
    "form much great think say help low line before turn cause same mean "
    "differ move right boy old too does tell sentence set three want air "
    "well also play small end put home read hand port large spell add "
    "even land here must big high such follow act why ask men change "
    "went light kind off need house picture try us again animal point "
    "mother world near build self earth father head stand own page "
    "should country found answer school grow study still learn plant "
    "cover food sun four thought let keep eye never last door between "
    "city tree cross since hard start might story saw far sea draw left "
    "late run while press close night real life few stop open seem "
    "together next white children begin got walk example ease paper "
    "often always music those both mark book letter until mile river car "
    "feet care second group carry took rain eat room friend began idea "
    "fish mountain north once base hear horse cut sure watch color face "
    "wood main enough plain girl usual young ready above ever red list "
    "though feel talk bird soon body dog family direct pose leave song "
    "measure state product black short numeral class wind question "
    "happen complete ship area half rock order fire south problem piece "
    "told knew pass farm top whole king size heard best hour better true "
    "during hundred am remember step early hold west ground interest "
    "reach fast five sing listen six table travel less morning ten "
    "simple several vowel toward war lay against pattern slow center "
    "love person money serve appear road map science rule govern pull "
    "cold notice voice fall power town fine certain fly unit lead cry "
    "dark machine note wait plan figure star box noun field rest correct "
    "able pound done beauty drive stood contain front teach week final "
    "gave green quick develop sleep warm free minute strong special mind "
    "behind clear tail produce fact street inch lot nothing course stay "
    "wheel full force blue object decide surface deep moon island foot "
    "yet busy test record boat common gold possible plane age dry wonder "
    "laugh thousand ago ran check game shape yes miss brought heat snow "
    "bed bring sit perhaps fill east weight language among compiler "
    "processor weights token model layer tensor matrix vector memory "
    "thread kernel assistant user system message however please thanks "
    "hello computer program function value string integer float array "
    "index loop error result return because therefore although important "
    "different information government development international "
    "understand experience according particular university including "
    "something everything yourself within without another company "
    "history national political society community education research "
    "technology environment management individual relationship "
    "opportunity performance available economic population organization "
    "application environmental responsibility communication";

// clang-format off
static constexpr llvm::StringLiteral pieces[] = {
    "\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "  ", "   ", "    ",
    "        ", "                ", "\t", "\t\t", " \n", "  \n", "00", "10",
    "12", "20", "25", "50", "99", "100", "000", "123", "200", "255", "500",
    "512", "999", "19", "201", "202", "2024", "..", "...", "....", "--",
    "---", "----", "==", "===", "!=", "->", "=>", "::", "//", "/*", "*/",
    "**", "***", "##", "###", "((", "))", "()", "();", ");", "){", "{}",
    "[]", "[0]", "\"\"", "''", " (", " {", " [", " =", " ==", " +", " -",
    " *", " /", " &&", " ||", " <", " >", " :", " .", " ,", ".\n", ",\n",
    ":\n", ";\n", "!\n", "?\n", ".\n\n", "'s", "'t", "'re", "'ve", "'m",
    "'ll", "'d", " '", " \"", "?!", "!!", "!!!", "??", " über", " für",
    " été", " où", " naïve", " café", " señor", " niño", " año", " größe",
    " straße", " façon", " ça", " coração", " não", " źle", " łódź", " čaj",
    " ağaç", " İstanbul", " привет", " мир", " как", " дела", " это",
    " что", " слово", " машина", " вопрос", " ответ", " γεια", " κόσμος",
    " λόγος", " ερώτηση", " שלום", " עולם", " مرحبا", " العالم", " سؤال",
    " नमस्ते", " दुनिया", " हिन्दी", " สวัสดี", " โลก", "你好", "世界", "中文",
    "问题", "回答", "计算", "机器", "学习", "语言", "模型", "日本語", "こんにちは", "ありがとう", "言葉",
    "カタカナ", "한국어", "안녕하세요", "세계", "질문", "👋", "😀", "😂", "🙂", "👍", "🎉", "❤️",
    "🚀", "👩‍💻", "🇩🇪", "🏳️‍🌈", "é", "ñ", "—", "–", "…", "“", "”", "‘", "’",
    "•", "→", "≤", "≥", "≠", "×", "÷", "°", "€", "£", "½", "²", "①", "Ⅷ",
    "\xc2\xa0", "\xe3\x80\x80", "\xe2\x80\x8b",
};
// clang-format on

llvm::SmallVector<llvm::StringRef> wordList() {
  llvm::SmallVector<llvm::StringRef> list;
  words.split(list, ' ');
  return list;
}

llvm::SmallVector<llvm::StringRef> pieceList() {
  return {std::begin(pieces), std::end(pieces)};
}

} // namespace tritc::synth
