package io.github.lambdaparallelrouter.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Failures, outputs and bodies, as far as the vectors cannot see them. */
class BatchAdapterTest extends AdapterFixture {
  @Test
  void anErrorFailsItsItemOnlyAndIsLoggedWithItsId() throws IOException {
    ItemHandler handler =
        request -> {
          if (request.id().equals("a")) {
            throw new StackOverflowError("too deep");
          }
          return Response.text("fine");
        };
    List<ErrorInfo> errors = new ArrayList<>();
    BatchAdapter adapter =
        new BatchAdapter(handler, DEFAULTS.withOnError((error, info) -> errors.add(info)));
    List<?> responses = (List<?>) answer(adapter, batch("a", "b")).get("responses");
    assertEquals(500, ((Map<?, ?>) responses.get(0)).get("statusCode"));
    assertEquals("fine", ((Map<?, ?>) responses.get(1)).get("body"));
    assertEquals(List.of("a"), errors.stream().map(ErrorInfo::requestId).toList());
    assertEquals(1, context.lines().size());
    assertTrue(
        context.lines().get(0).startsWith("item failed: request a, phase handler"),
        context.lines().get(0));
    assertTrue(context.lines().get(0).contains("StackOverflowError: too deep"));
  }

  @Test
  void anOnErrorThatFailsIsLoggedAndChangesNothing() throws IOException {
    ItemHandler handler =
        request -> {
          throw new IOException("no");
        };
    OnError onError =
        (error, info) -> {
          throw new IllegalStateException("on error");
        };
    assertEquals(
        500,
        response(new BatchAdapter(handler, DEFAULTS.withOnError(onError)), batch("a"))
            .get("statusCode"));
    assertTrue(context.lines().get(1).startsWith("onError failed: request a, phase handler"));
  }

  @Test
  void anOutputThatFailsEndsTheInvocationAndIsReportedOnce() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    ItemHandler handler =
        request -> {
          if (request.id().equals("b")) {
            waitForInterrupt(interrupted);
          }
          return Response.text("x");
        };
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    List<ErrorInfo> errors = new CopyOnWriteArrayList<>();
    AdapterOptions options =
        DEFAULTS.withMode(AnswerMode.STREAM).withOnError((error, info) -> errors.add(info));
    BatchAdapter adapter = new BatchAdapter(handler, options);
    IOException thrown =
        assertThrows(
            IOException.class,
            () -> adapter.handleRequest(streamOf(batch("a", "b")), broken, context));
    assertEquals("broken pipe", thrown.getMessage());
    assertEquals(List.of(new ErrorInfo(TestContext.REQUEST_ID, null, Phase.WRITE)), errors);
    assertTrue(interrupted.get());
  }

  private static void waitForInterrupt(CompletableFuture<Boolean> interrupted) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      interrupted.complete(true);
    }
  }

  @Test
  void aBodyIsClosedHoweverItsItemEnds() throws IOException {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream body =
        new ByteArrayInputStream(new byte[] {1}) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    answer(new BatchAdapter(request -> Response.of(200).body(body)), batch("a"));
    assertTrue(closed.getAndSet(false));
    output.reset();
    answer(new BatchAdapter(request -> Response.of(99).body(body)), batch("a"));
    assertTrue(closed.get());
  }

  @Test
  void aStreamOfBytesIsSentInPieces() throws IOException {
    byte[] bytes = new byte[300_000];
    AdapterOptions options = DEFAULTS.withMode(AnswerMode.INTERLEAVED);
    BatchAdapter adapter =
        new BatchAdapter(
            request -> Response.of(200).body(new ByteArrayInputStream(bytes)), options);
    adapter.handleRequest(streamOf(batch("a")), output, context);
    List<String> lines = output.toString(StandardCharsets.UTF_8).lines().toList();
    assertTrue(lines.size() > 4, lines.size() + " lines");
    assertTrue(lines.stream().allMatch(line -> line.length() < StreamedAnswers.MAX_LINE_BYTES));
  }

  @Test
  void aHeadTooLongForALineFailsItsItem() throws IOException {
    for (AnswerMode mode : List.of(AnswerMode.STREAM, AnswerMode.INTERLEAVED)) {
      output.reset();
      String text = "x".repeat(StreamedAnswers.MAX_LINE_BYTES);
      BatchAdapter adapter =
          new BatchAdapter(
              request -> Response.of(200).header("x-a", text), DEFAULTS.withMode(mode));
      adapter.handleRequest(streamOf(batch("a")), output, context);
      assertTrue(output.toString(StandardCharsets.UTF_8).contains("\"statusCode\":500"));
      assertTrue(output.size() < 1000);
    }
  }
}
