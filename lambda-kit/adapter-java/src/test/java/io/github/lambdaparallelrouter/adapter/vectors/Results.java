package io.github.lambdaparallelrouter.adapter.vectors;

import io.github.lambdaparallelrouter.adapter.internal.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the vectors gave, written for the table in lambda-kit/README.md if `LPR_VECTOR_RESULTS`
 * names a folder.
 */
final class Results {
  private final Map<String, Map<String, Object>> results = new TreeMap<>();

  void notApplicable(Vector vector, String mode, List<?> missing) {
    Map<String, Object> result = add(vector, mode, "not-applicable");
    result.put("missing", missing);
  }

  /** Adapters have one result per vector and mode: it failed if one kind of handler did. */
  void ran(Vector vector, String mode, List<String> problems) {
    Map<String, Object> earlier = results.get(vector.name() + "/" + mode);
    if (problems.isEmpty() && earlier == null) {
      add(vector, mode, "passed");
    } else if (!problems.isEmpty()) {
      add(vector, mode, "failed").put("problems", problems);
    }
  }

  void write() throws IOException {
    String folder = System.getenv("LPR_VECTOR_RESULTS");
    if (folder == null) {
      return;
    }
    Files.createDirectories(Path.of(folder));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("adapter", "adapter-java");
    document.put("results", new ArrayList<>(results.values()));
    Files.writeString(Path.of(folder, "adapter-java.json"), JsonWriter.write(document));
  }

  private Map<String, Object> add(Vector vector, String mode, String outcome) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", vector.name());
    result.put("mode", mode);
    result.put("outcome", outcome);
    results.put(vector.name() + "/" + mode, result);
    return result;
  }
}
