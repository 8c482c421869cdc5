package cthelper.netfilter;

class RecordedSystemCallsTest extends SystemCallsContract {

  @Override
  SystemCalls calls() {
    return new RecordedSystemCalls();
  }
}
