package io.github.lambdaparallelrouter.adapter.internal;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.temporal.TemporalAccessor;
import java.util.Base64;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Describes objects that are neither text, number, map nor list by values that are simpler. */
public final class BeanWriter {
  /** Reads one property of an object. */
  private interface Getter {
    Object get(Object bean) throws ReflectiveOperationException;
  }

  private static final ClassValue<Map<String, Getter>> GETTERS =
      new ClassValue<>() {
        @Override
        protected Map<String, Getter> computeValue(Class<?> type) {
          return type.isRecord() ? componentsOf(type) : gettersOf(type);
        }
      };

  private BeanWriter() {}

  /**
   * Returns text, a number or a map of the object's properties.
   *
   * @throws JsonException for an object without any
   */
  public static Object describe(Object value) {
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Optional<?> optional) {
      return optional.orElse(null);
    }
    if (value instanceof Date date) {
      return date.getTime();
    }
    if (value instanceof UUID || value instanceof TemporalAccessor) {
      return value.toString();
    }
    return propertiesOf(value);
  }

  private static Map<String, Object> propertiesOf(Object bean) {
    Class<?> type = bean.getClass();
    // The JDK's own objects are no data, and do not let us look into them either.
    Map<String, Getter> getters = type.getModule().getName() == null ? GETTERS.get(type) : Map.of();
    if (getters.isEmpty()) {
      throw new JsonException("expected text, bytes, a stream or JSON, got a " + type.getName());
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    getters.forEach((name, getter) -> properties.put(name, get(getter, bean, name)));
    return properties;
  }

  private static Object get(Getter getter, Object bean, String name) {
    try {
      return getter.get(bean);
    } catch (InvocationTargetException e) {
      throw new JsonException("property " + name + " cannot be read", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new JsonException("property " + name + " cannot be read", e);
    }
  }

  private static Map<String, Getter> componentsOf(Class<?> type) {
    Map<String, Getter> getters = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      getters.put(component.getName(), accessor::invoke);
    }
    return getters;
  }

  /** In the order of their names: that of reflection changes from run to run. */
  private static Map<String, Getter> gettersOf(Class<?> type) {
    Map<String, Getter> getters = new TreeMap<>(Comparator.naturalOrder());
    for (Field field : type.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        getters.put(field.getName(), field::get);
      }
    }
    for (Method method : type.getMethods()) {
      String name = Properties.readBy(method);
      if (name != null) {
        method.setAccessible(true);
        getters.put(name, method::invoke);
      }
    }
    return getters;
  }
}
