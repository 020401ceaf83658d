package demo;

import io.github.lambdaparallelrouter.adapter.BatchAdapter;
import io.github.lambdaparallelrouter.adapter.Request;
import io.github.lambdaparallelrouter.adapter.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A handler of one request, made a handler of batches by the adapter for Java. It answers what the
 * demo's other functions do.
 */
public final class Greet extends BatchAdapter {
  /**
   * The endpoints are public, so a delay must end well before the routes' 8 s and the functions' 10
   * s do.
   */
  private static final int LONGEST_DELAY_MS = 5000;

  /** As the runtime makes it, once for each environment. */
  public Greet() {
    super(Greet::answer);
  }

  /** Waits as long as {@code max-delay} and chance will have it, then greets. */
  private static Response answer(Request request) throws InterruptedException {
    int longest = maxDelayMs(request.queryParameter("max-delay").orElse(""));
    int delay = ThreadLocalRandom.current().nextInt(longest + 1);
    Thread.sleep(delay);
    Map<String, Object> event = request.event();
    Map<String, Object> greeting = new LinkedHashMap<>();
    greeting.put("ok", true);
    greeting.put("id", request.id());
    greeting.put("greeting", request.pathParameter("greeting").orElse(null));
    greeting.put("method", request.method());
    greeting.put("path", request.path());
    greeting.put("routeKey", event.get("routeKey"));
    greeting.put("query", event.getOrDefault("queryStringParameters", Map.of()));
    greeting.put("pathParameters", event.get("pathParameters"));
    greeting.put("maxDelayMs", longest);
    greeting.put("delayMs", delay);
    return Response.json(greeting);
  }

  /** A number from 0 to 5000, and 0 for what is no number. */
  private static int maxDelayMs(String text) {
    try {
      // NaN becomes 0.
      return (int) Math.min(LONGEST_DELAY_MS, Math.max(0, Double.parseDouble(text)));
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }
}
