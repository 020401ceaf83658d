package io.github.lambdaparallelrouter.adapter.internal;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the event that a handler declares of parsed JSON: a class with setters, such as those of
 * {@code aws-lambda-java-events}, a record, a map or a list. Members that the class does not know
 * are ignored, and scalars are converted to one another, as by Lambda's own serializer.
 */
public final class BeanReader {
  /** One property that can be set. */
  private interface Setter {
    void set(Object bean, Object value) throws ReflectiveOperationException;
  }

  private record Property(Type type, Setter setter) {}

  private static final ClassValue<Map<String, Property>> PROPERTIES =
      new ClassValue<>() {
        @Override
        protected Map<String, Property> computeValue(Class<?> type) {
          return propertiesOf(type);
        }
      };

  private BeanReader() {}

  /**
   * Returns the JSON value as a value of the type.
   *
   * @throws JsonException with the type and the value that do not fit
   */
  public static Object read(Object json, Type type) {
    if (type instanceof ParameterizedType generic) {
      return readGeneric(json, (Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    }
    if (type instanceof WildcardType wildcard) {
      return read(json, wildcard.getUpperBounds()[0]);
    }
    if (type instanceof GenericArrayType array && json instanceof List<?> elements) {
      return readAll(elements, array.getGenericComponentType(), new ArrayList<>()).toArray();
    }
    return type instanceof Class<?> plain
        ? readGeneric(json, plain, new Type[] {Object.class, Object.class})
        : json;
  }

  private static Object readGeneric(Object json, Class<?> type, Type[] arguments) {
    if (json == null || type == Object.class) {
      return json;
    }
    if (json instanceof Map<?, ?> members) {
      return type.isAssignableFrom(LinkedHashMap.class)
          ? readMap(members, arguments[arguments.length - 1])
          : readBean(members, type);
    }
    return json instanceof List<?> elements
        ? readList(elements, type, arguments[0])
        : Scalars.read(json, type);
  }

  private static Map<Object, Object> readMap(Map<?, ?> members, Type valueType) {
    Map<Object, Object> map = new LinkedHashMap<>();
    members.forEach((name, value) -> map.put(name, read(value, valueType)));
    return map;
  }

  private static Object readList(List<?> elements, Class<?> type, Type elementType) {
    if (type.isAssignableFrom(ArrayList.class)) {
      return readAll(elements, elementType, new ArrayList<>());
    }
    if (Set.class.isAssignableFrom(type) && type.isAssignableFrom(LinkedHashSet.class)) {
      return readAll(elements, elementType, new LinkedHashSet<>());
    }
    if (type.isArray() && !type.getComponentType().isPrimitive()) {
      Object[] empty = (Object[]) java.lang.reflect.Array.newInstance(type.getComponentType(), 0);
      return readAll(elements, type.getComponentType(), new ArrayList<>()).toArray(empty);
    }
    throw new JsonException("expected a " + type.getName() + ", got a list");
  }

  private static Collection<Object> readAll(List<?> elements, Type type, Collection<Object> into) {
    elements.forEach(element -> into.add(read(element, type)));
    return into;
  }

  private static Object readBean(Map<?, ?> members, Class<?> type) {
    try {
      return type.isRecord() ? readRecord(members, type) : readProperties(members, type);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new JsonException(
          "expected a class that can be made of an object, got " + type.getName(), cause);
    }
  }

  private static Object readRecord(Map<?, ?> members, Class<?> type)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      Object value = read(members.get(components[i].getName()), components[i].getGenericType());
      values[i] = value == null ? Scalars.defaultOf(types[i]) : value;
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private static Object readProperties(Map<?, ?> members, Class<?> type)
      throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    Object bean = constructor.newInstance();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      Property property = PROPERTIES.get(type).get(member.getKey());
      if (property != null && member.getValue() != null) {
        property.setter.set(bean, read(member.getValue(), property.type));
      }
    }
    return bean;
  }

  private static Map<String, Property> propertiesOf(Class<?> type) {
    Map<String, Property> properties = new HashMap<>();
    for (Field field : type.getFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
        field.setAccessible(true);
        properties.put(field.getName(), new Property(field.getGenericType(), field::set));
      }
    }
    for (Method method : type.getMethods()) {
      String name = Properties.writtenBy(method);
      if (name != null) {
        method.setAccessible(true);
        properties.put(name, new Property(method.getGenericParameterTypes()[0], method::invoke));
      }
    }
    return properties;
  }
}
