package io.github.lambdaparallelrouter.adapter;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the vectors cannot see, because it is Java's own. */
class BatchAdapterTest {
  private static final AdapterOptions DEFAULTS = AdapterOptions.defaults();

  private final TestContext context = new TestContext();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  private static String batch(String... ids) {
    List<String> items =
        Arrays.stream(ids).map("{\"requestContext\":{\"requestId\":\"%s\"}}"::formatted).toList();
    return "{\"v\":1,\"meta\":{},\"batch\":[" + String.join(",", items) + "]}";
  }

  private Map<?, ?> answer(BatchAdapter adapter, String event) throws IOException {
    adapter.handleRequest(streamOf(event), output, context);
    return (Map<?, ?>) JsonReader.read(output.toByteArray());
  }

  private Map<?, ?> response(BatchAdapter adapter, String event) throws IOException {
    return (Map<?, ?>) ((List<?>) answer(adapter, event).get("responses")).get(0);
  }

  private static InputStream streamOf(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

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

  @Test
  void aDirectEventGoesToTheHandlerInTheCallingThread() throws IOException {
    AtomicReference<Thread> seen = new AtomicReference<>();
    BatchAdapter adapter =
        new BatchAdapter(
            request -> {
              seen.set(Thread.currentThread());
              byte[] body = {0, 1};
              return Response.of(201).header("x-a", request.id()).cookie("c=1").body(body);
            });
    String expected =
        "{\"statusCode\":201,\"headers\":{\"x-a\":\"invocation-1\"},\"cookies\":[\"c=1\"],\"body\":\"AAE=\",\"isBase64Encoded\":true}";
    assertEquals(JsonReader.read(expected), answer(adapter, "{\"rawPath\":\"/\"}"));
    assertSame(Thread.currentThread(), seen.get());
  }

  @Test
  void anErrorOfADirectEventReachesTheRuntimeAsItIs() {
    IOException error = new IOException("mine");
    BatchAdapter adapter =
        new BatchAdapter(
            request -> {
              throw error;
            });
    assertSame(error, assertThrows(IOException.class, () -> answer(adapter, "{}")));
  }

  @Test
  void aRequestKnowsTheFormatsOfTheRouter() throws IOException {
    ItemHandler handler =
        request ->
            Response.text(
                String.join(
                    " ",
                    request.method(),
                    request.path(),
                    request.header("X-Name").orElse("-"),
                    request.queryParameter("q").orElse("-"),
                    request.pathParameter("id").orElse("-"),
                    request.bodyText(),
                    String.valueOf(request.bodyBytes().length)));
    String http =
        """
        {"v":1,"batch":[{"id":"a","rawPath":"/x","headers":{"x-name":"n"},"queryStringParameters":{"q":"1"},
         "pathParameters":{"id":"7"},"requestContext":{"http":{"method":"PUT"}},"body":"aGnDvA==","isBase64Encoded":true}]}""";
    assertEquals("PUT /x n 1 7 hiü 4", response(new BatchAdapter(handler), http).get("body"));
    output.reset();
    String rest =
        "{\"v\":1,\"batch\":[{\"id\":\"a\",\"path\":\"/y\",\"httpMethod\":\"GET\",\"headers\":{\"X-NAME\":\"m\"}}]}";
    assertEquals("GET /y m - -  0", response(new BatchAdapter(handler), rest).get("body"));
  }

  static final class Typed implements RequestHandler<APIGatewayV2HTTPEvent, Map<String, Object>> {
    @Override
    public Map<String, Object> handleRequest(APIGatewayV2HTTPEvent event, Context context) {
      return Map.of("statusCode", 200, "body", event.getRawPath());
    }
  }

  @Test
  void aHandlersOwnEventTypeIsUsed() throws IOException {
    String event = "{\"v\":1,\"batch\":[{\"id\":\"a\",\"rawPath\":\"/x\"}]}";
    assertEquals("/x", response(new BatchAdapter(new Typed()), event).get("body"));
    output.reset();
    RequestHandler<APIGatewayV2HTTPEvent, String> lambda = (http, itemContext) -> http.getRawPath();
    assertEquals(
        "/x",
        response(new BatchAdapter(APIGatewayV2HTTPEvent.class, lambda, DEFAULTS), event)
            .get("body"));
  }

  @Test
  void mistakesAreToldWhenTheAdapterIsMade() {
    RequestHandler<Map<String, Object>, String> lambda = (event, itemContext) -> "";
    String message =
        assertThrows(IllegalArgumentException.class, () -> new BatchAdapter(lambda)).getMessage();
    assertTrue(
        message.startsWith("handler: expected a class that declares its event type, got "),
        message);
    assertThrows(IllegalArgumentException.class, () -> DEFAULTS.withConcurrency(0));
    assertThrows(NullPointerException.class, () -> DEFAULTS.withMode(null));
    assertThrows(NullPointerException.class, () -> new BatchAdapter((ItemHandler) null));
    assertDoesNotThrow(() -> new BatchAdapter(Map.class, lambda, DEFAULTS));
  }

  @Test
  void whatIsNoJsonFailsTheInvocation() {
    BatchAdapter adapter = new BatchAdapter(request -> Response.of(204));
    assertThrows(RuntimeException.class, () -> answer(adapter, "{"));
  }
}
