package cthelper.service;

import java.util.ArrayList;
import java.util.List;

/** Threads that go on for as long as {@link #go} says so. */
final class Loops implements AutoCloseable {

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /** A platform thread: what clients hold while they wait may keep the carriers of virtual ones. */
  void start(Runnable loop) {
    threads.add(Thread.ofPlatform().daemon().start(loop));
  }

  int size() {
    return threads.size();
  }

  boolean go() {
    return !stopping;
  }

  @Override
  public void close() {
    stopping = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
