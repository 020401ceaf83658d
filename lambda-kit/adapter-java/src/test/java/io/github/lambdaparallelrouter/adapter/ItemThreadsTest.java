package io.github.lambdaparallelrouter.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What each item has for itself: a thread, its interrupts, and a context. */
class ItemThreadsTest extends AdapterFixture {
  @Test
  void worksWithoutAContext() throws IOException {
    BatchAdapter adapter =
        new BatchAdapter(
            request -> Response.text(request.id() + request.context().getFunctionName()));
    adapter.handleRequest(streamOf(batch("a")), output, null);
    assertTrue(output.toString(StandardCharsets.UTF_8).contains("anull"));
  }

  @Test
  void theContextOfAnItemIsThatOfLambdaWithPartsOfItsOwn() throws IOException {
    AtomicReference<ItemContext> seen = new AtomicReference<>();
    RequestHandler<Map<String, Object>, String> handler =
        (event, itemContext) -> {
          seen.set((ItemContext) itemContext);
          return "";
        };
    answer(new BatchAdapter(Map.class, handler, DEFAULTS), batch("a"));
    ItemContext item = seen.get();
    assertEquals(
        List.of("a", "vectors", "tenant-1"),
        List.of(item.getAwsRequestId(), item.getFunctionName(), item.getTenantId()));
    assertEquals(128, item.getMemoryLimitInMB());
    assertSame(context, item.getLogger());
    assertTrue(item.getRemainingTimeInMillis() > 0 && item.getRemainingTimeInMillis() <= 30_000);
    assertFalse(item.isCancelled());
    assertEquals(item, item);
    assertEquals("ItemContext[a]", item.toString());
    assertEquals(item.hashCode(), item.hashCode());
  }

  @Test
  void aHandlerThatEndsByTheInterruptIsATimeout() throws IOException {
    BatchAdapter adapter =
        new BatchAdapter(
            request -> {
              new CountDownLatch(1).await();
              return null;
            });
    adapter.handleRequest(streamOf(batch("a")), output, new TestContext(300));
    String text = output.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("\"statusCode\":504") && text.contains("timeout"), text);
  }

  @Test
  void anInterruptOfOneItemDoesNotReachTheNextOneOfItsThread() throws IOException {
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread own = Thread.currentThread();
    ItemHandler handler =
        request -> {
          if (request.id().equals("a")) {
            Thread.currentThread().interrupt();
          } else {
            interrupted.set(Thread.currentThread().isInterrupted());
          }
          return Response.of(204);
        };
    // All in one thread, the calling one.
    BatchAdapter adapter =
        new BatchAdapter(handler, DEFAULTS.withExecutor(Runnable::run).withConcurrency(1));
    assertEquals(2, ((List<?>) answer(adapter, batch("a", "b")).get("responses")).size());
    assertFalse(interrupted.get());
    assertFalse(own.isInterrupted());
  }

  @Test
  void anInterruptDoesNotReachTheOutputThatAllItemsShare() throws IOException {
    List<Boolean> seen = new ArrayList<>();
    OutputStream shared =
        new OutputStream() {
          @Override
          public void write(int one) {
            seen.add(Thread.currentThread().isInterrupted());
          }
        };
    AtomicBoolean restored = new AtomicBoolean();
    Iterator<String> body =
        new Iterator<>() {
          private int count;

          @Override
          public boolean hasNext() {
            restored.set(Thread.currentThread().isInterrupted());
            return count++ == 0;
          }

          @Override
          public String next() {
            Thread.currentThread().interrupt();
            return "x";
          }
        };
    BatchAdapter adapter =
        new BatchAdapter(
            request -> Response.of(200).body(body), DEFAULTS.withMode(AnswerMode.INTERLEAVED));
    adapter.handleRequest(streamOf(batch("a")), shared, context);
    assertFalse(seen.isEmpty() || seen.contains(true));
    assertTrue(restored.get());
  }

  @Test
  void anExecutorThatRefusesFailsTheItemsItRefused() throws IOException {
    BatchAdapter adapter =
        new BatchAdapter(
            request -> Response.of(204),
            DEFAULTS.withExecutor(
                task -> {
                  throw new RejectedExecutionException("full");
                }));
    assertEquals(500, response(adapter, batch("a")).get("statusCode"));
  }

  @Test
  void handlersRunInVirtualThreadsWhereThereAreSome() throws IOException {
    AtomicReference<Thread> seen = new AtomicReference<>();
    BatchAdapter adapter =
        new BatchAdapter(
            request -> {
              seen.set(Thread.currentThread());
              return Response.of(204);
            });
    answer(adapter, batch("a"));
    boolean isVirtual = seen.get().toString().startsWith("VirtualThread");
    assertEquals(Runtime.version().feature() >= 21, isVirtual);
    assertTrue(seen.get().isDaemon());
  }
}
