#pragma once

namespace snapferry::setup {

/// At the machine that is to receive: answers, over two descriptors, what RemoteReceiver asks,
/// until it asks nothing more. A question that cannot be carried out is answered with why, and the
/// next one may come. Throws Failure (protocol) for what is no question, connection where nobody
/// takes the answers.
void answer_setup(int from, int to);

}  // namespace snapferry::setup
