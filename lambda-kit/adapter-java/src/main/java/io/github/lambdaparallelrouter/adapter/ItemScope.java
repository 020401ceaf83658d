package io.github.lambdaparallelrouter.adapter;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One item's context and thread, and the adapter's own view of when to stop. */
final class ItemScope {
  /**
   * How long before its end, at most, an item is told to stop; half of it before the invocation's
   * end it is given up.
   */
  private static final long MAX_MARGIN = TimeUnit.MILLISECONDS.toNanos(200);

  /** What a context says that knows no end: as long as an invocation can take. */
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(900);

  private final String id;
  private final Bounds bounds;
  private final long invocationCancelAt;
  private final long grace;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final ItemContext context;
  private volatile long clientsEnd;
  private volatile long cancelAt;
  private volatile long giveUpAt;
  private volatile boolean headSent;
  private boolean cancelled;
  private Thread thread;

  /** Without an id the context keeps that of the invocation. */
  ItemScope(String id, Bounds bounds) {
    this.id = id;
    this.bounds = bounds;
    long invocationEnd = bounds.invocationEnd();
    this.invocationCancelAt = before(invocationEnd, 1);
    this.clientsEnd = bounds.clientsEnd();
    this.cancelAt = Math.min(invocationCancelAt, before(clientsEnd, 1));
    this.giveUpAt = before(invocationEnd, 2);
    this.grace = (giveUpAt - invocationCancelAt) / 2;
    Class<?>[] type = {ItemContext.class};
    // Not a class that forwards by hand: it would hide the methods that Lambda adds later.
    this.context =
        (ItemContext)
            Proxy.newProxyInstance(ItemContext.class.getClassLoader(), type, this::callContext);
  }

  ItemContext context() {
    return context;
  }

  /** The moment at which the handler is to be told to stop. */
  long cancelAt() {
    return cancelAt;
  }

  /** The moment from which nobody waits for the item any more. */
  long giveUpAt() {
    return giveUpAt;
  }

  /** Whether the item is still to be answered. */
  boolean isOpen() {
    return open.get();
  }

  /** Claims the right to end the item's answer; only one caller gets it. */
  boolean close() {
    return open.compareAndSet(true, false);
  }

  /** The clients wait for the head only; from here on the invocation's time is the only bound. */
  void headSent() {
    headSent = true;
    clientsEnd = Bounds.NEVER;
    cancelAt = invocationCancelAt;
  }

  boolean isHeadSent() {
    return headSent;
  }

  /** Says that the current thread works on the item, so that it is the one to interrupt. */
  synchronized void begin() {
    thread = Thread.currentThread();
    if (cancelled) {
      thread.interrupt();
    }
  }

  /**
   * Says that it does no longer. An interrupt that came too late must not reach whatever the thread
   * does next.
   */
  synchronized void end() {
    thread = null;
    Thread.interrupted();
  }

  /**
   * Does something that an interrupt must not reach, such as a write to what all items share: it
   * would close a channel under them. An interrupt that comes meanwhile comes afterwards.
   */
  void uninterrupted(Runnable write) {
    boolean interrupted;
    boolean toldBefore;
    synchronized (this) {
      thread = null;
      interrupted = Thread.interrupted();
      toldBefore = cancelled;
    }
    try {
      write.run();
    } finally {
      synchronized (this) {
        thread = Thread.currentThread();
        if (interrupted || cancelled != toldBefore) {
          thread.interrupt();
        }
      }
    }
  }

  /** Whether the handler was told that its time is up. */
  synchronized boolean wasTold() {
    return cancelled;
  }

  /**
   * Tells the handler that its time is up. One that is told late, as a machine may be busy, still
   * has a moment to answer.
   */
  synchronized void cancel() {
    if (!cancelled && giveUpAt != Bounds.NEVER) {
      giveUpAt = Math.max(giveUpAt, Bounds.now() + grace);
    }
    cancelled = true;
    if (thread != null) {
      thread.interrupt();
    }
  }

  synchronized boolean isCancelled() {
    return cancelled || cancelAt <= Bounds.now();
  }

  private int remainingMillis() {
    long invocation = bounds.lambdaContext() == null ? LONGEST : invocationLeft();
    long clients = clientsEnd == Bounds.NEVER ? LONGEST : clientsEnd - Bounds.now();
    return (int) TimeUnit.NANOSECONDS.toMillis(Math.max(0, Math.min(invocation, clients)));
  }

  private long invocationLeft() {
    return TimeUnit.MILLISECONDS.toNanos(bounds.lambdaContext().getRemainingTimeInMillis());
  }

  /**
   * The moment by one margin, or a part of it, before another; a tenth of a short time, so that
   * most is for the work.
   */
  private static long before(long end, int part) {
    if (end == Bounds.NEVER) {
      return end;
    }
    long left = Math.max(0, end - Bounds.now());
    return end - Math.min(MAX_MARGIN, left / 10) / part;
  }

  private Object callContext(Object proxy, Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "getRemainingTimeInMillis":
        return remainingMillis();
      case "isCancelled":
        return isCancelled();
      case "equals":
        return proxy == arguments[0];
      case "hashCode":
        return System.identityHashCode(proxy);
      case "toString":
        return "ItemContext[" + id + "]";
      case "getAwsRequestId":
        return id == null ? invocationId() : id;
      default:
        return forward(method, arguments);
    }
  }

  private String invocationId() {
    return bounds.lambdaContext() == null ? null : bounds.lambdaContext().getAwsRequestId();
  }

  private Object forward(Method method, Object[] arguments) throws Throwable {
    if (bounds.lambdaContext() == null) {
      return method.getReturnType() == int.class ? 0 : null;
    }
    try {
      return method.invoke(bounds.lambdaContext(), arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
