package io.github.lambdaparallelrouter.adapter;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.lambdaparallelrouter.adapter.internal.BeanReader;
import io.github.lambdaparallelrouter.adapter.internal.EventType;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Objects;

/** A handler of whatever kind, as the adapter calls it. */
@FunctionalInterface
interface Handler {
  /** Returns anything; the event is parsed JSON. */
  Object call(Object event, ItemContext context) throws Exception;

  static Handler of(ItemHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return (event, context) -> {
      if (event instanceof Map) {
        @SuppressWarnings("unchecked")
        Map<String, Object> members = (Map<String, Object>) event;
        return handler.handle(new Request(members, context));
      }
      throw new IllegalArgumentException("event: expected an object, got " + event);
    };
  }

  /**
   * The type of the event is that in the declaration of the handler's class.
   *
   * @throws IllegalArgumentException if the class does not say
   */
  static Handler of(RequestHandler<?, ?> handler) {
    Objects.requireNonNull(handler, "handler");
    Type eventType = EventType.of(handler.getClass(), RequestHandler.class);
    if (eventType == null) {
      throw new IllegalArgumentException(
          "handler: expected a class that declares its event type, got %s; pass the type as the first argument"
              .formatted(handler.getClass().getName()));
    }
    return of(eventType, handler);
  }

  /** The caller vouches for the type. */
  static Handler of(Type eventType, RequestHandler<?, ?> handler) {
    Objects.requireNonNull(eventType, "eventType");
    @SuppressWarnings("unchecked")
    RequestHandler<Object, Object> any =
        (RequestHandler<Object, Object>) Objects.requireNonNull(handler, "handler");
    return (event, context) -> any.handleRequest(BeanReader.read(event, eventType), context);
  }
}
