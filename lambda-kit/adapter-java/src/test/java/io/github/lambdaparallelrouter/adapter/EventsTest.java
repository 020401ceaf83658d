package io.github.lambdaparallelrouter.adapter;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Events that are no batch, and what handlers are given of the items of one. */
class EventsTest extends AdapterFixture {
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
