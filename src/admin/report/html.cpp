#include "snapferry/admin/report/html.h"

#include "snapferry/core/text/escape.h"

namespace snapferry::admin {

std::string html_text(std::string_view text) {
    std::string out;
    for (const char character : escape_text(text)) {
        switch (character) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += character;
        }
    }
    return out;
}

}  // namespace snapferry::admin
