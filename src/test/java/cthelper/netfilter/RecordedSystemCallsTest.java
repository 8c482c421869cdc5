package cthelper.netfilter;

import java.util.List;

class RecordedSystemCallsTest extends SystemCallsContract {

  @Override
  SystemCalls calls() {
    RecordedSystemCalls calls = new RecordedSystemCalls();
    calls.answerWith(message -> List.of(KernelAnswers.yes(1)));
    return calls;
  }
}
