package io.github.lambdaparallelrouter.adapter;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** The threads that handlers run in, unless the user brings others. */
final class Workers {
  /** One for all adapters of the process; its threads come when they are needed. */
  static final Executor SHARED = create();

  private Workers() {}

  /**
   * Virtual threads where the runtime has them, since Java 21; by reflection, so that one class
   * file serves Java 17 too.
   */
  private static Executor create() {
    try {
      return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      // Java 17 to 20, where the method is missing or a preview that refuses.
      return Executors.newCachedThreadPool(daemons());
    }
  }

  /** One whose handler never returns must not keep the process from ending. */
  private static ThreadFactory daemons() {
    AtomicLong count = new AtomicLong();
    return task -> {
      Thread thread = new Thread(task, "lpr-item-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
