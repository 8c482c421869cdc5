package cthelper.netfilter;

/** Without a plan the faulty calls are as good as any. */
class FaultyCallsKernelTest extends SystemCallsContract {

  @Override
  SystemCalls calls() {
    return new FaultyCalls().calls();
  }
}
