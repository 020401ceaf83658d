package io.github.lambdaparallelrouter.adapter.internal;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds out which event a handler takes, from the declaration of its class, as the Lambda runtime
 * does.
 */
public final class EventType {
  private EventType() {}

  /**
   * Returns what the class says for the first type parameter of the interface; null if it does not
   * say, as for a lambda expression.
   */
  public static Type of(Class<?> handlerClass, Class<?> handlerInterface) {
    Type found = find(handlerClass, handlerInterface, Map.of());
    return found instanceof TypeVariable<?> ? null : found;
  }

  private static Type find(Type type, Class<?> wanted, Map<TypeVariable<?>, Type> outer) {
    if (type == null) {
      return null;
    }
    Class<?> raw =
        (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    Map<TypeVariable<?>, Type> known = new HashMap<>();
    if (type instanceof ParameterizedType generic) {
      for (int i = 0; i < raw.getTypeParameters().length; i++) {
        Type argument = generic.getActualTypeArguments()[i];
        known.put(raw.getTypeParameters()[i], outer.getOrDefault(argument, argument));
      }
    }
    if (raw == wanted) {
      return known.get(raw.getTypeParameters()[0]);
    }
    for (Type parent : raw.getGenericInterfaces()) {
      Type found = find(parent, wanted, known);
      if (found != null) {
        return found;
      }
    }
    return find(raw.getGenericSuperclass(), wanted, known);
  }
}
