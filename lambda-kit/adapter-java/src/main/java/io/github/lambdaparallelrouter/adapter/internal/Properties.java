package io.github.lambdaparallelrouter.adapter.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/**
 * Which methods read and write which properties, by the names that Lambda's own serializer gives
 * them.
 */
final class Properties {
  private Properties() {}

  /** Returns the property that the method reads; null if it is no getter. */
  static String readBy(Method method) {
    if (!isInstance(method)
        || method.getParameterCount() > 0
        || method.getReturnType() == void.class) {
      return null;
    }
    boolean isBoolean = method.getReturnType() == boolean.class;
    String getter = after("get", method.getName());
    return getter == null && isBoolean ? after("is", method.getName()) : getter;
  }

  /** Returns the property that the method writes; null if it is no setter. */
  static String writtenBy(Method method) {
    boolean isSetter = isInstance(method) && method.getParameterCount() == 1;
    return isSetter ? after("set", method.getName()) : null;
  }

  private static boolean isInstance(Method method) {
    boolean isOurs = method.getDeclaringClass() != Object.class;
    return isOurs && !Modifier.isStatic(method.getModifiers()) && !method.isBridge();
  }

  /**
   * The rest of the name as JavaBeans spell it: {@code getName} reads {@code name}, {@code getURL}
   * reads {@code URL}.
   */
  private static String after(String prefix, String method) {
    boolean matches = method.startsWith(prefix) && method.length() > prefix.length();
    if (!matches || !Character.isUpperCase(method.charAt(prefix.length()))) {
      return null;
    }
    String name = method.substring(prefix.length());
    boolean isAcronym = name.length() > 1 && Character.isUpperCase(name.charAt(1));
    return isAcronym ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}
