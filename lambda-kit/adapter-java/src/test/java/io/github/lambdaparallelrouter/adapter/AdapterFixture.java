package io.github.lambdaparallelrouter.adapter;

import io.github.lambdaparallelrouter.adapter.internal.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One invocation, its context and its output. */
abstract class AdapterFixture {
  static final AdapterOptions DEFAULTS = AdapterOptions.defaults();

  final TestContext context = new TestContext();
  final ByteArrayOutputStream output = new ByteArrayOutputStream();

  static String batch(String... ids) {
    List<String> items =
        Arrays.stream(ids).map("{\"requestContext\":{\"requestId\":\"%s\"}}"::formatted).toList();
    return "{\"v\":1,\"meta\":{},\"batch\":[" + String.join(",", items) + "]}";
  }

  static InputStream streamOf(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The whole answer, which is one document. */
  Map<?, ?> answer(BatchAdapter adapter, String event) throws IOException {
    adapter.handleRequest(streamOf(event), output, context);
    return (Map<?, ?>) JsonReader.read(output.toByteArray());
  }

  /** The first response of a buffered answer. */
  Map<?, ?> response(BatchAdapter adapter, String event) throws IOException {
    return (Map<?, ?>) ((List<?>) answer(adapter, event).get("responses")).get(0);
  }
}
