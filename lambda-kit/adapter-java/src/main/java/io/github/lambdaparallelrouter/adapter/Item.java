package io.github.lambdaparallelrouter.adapter;

/** One request of a batch as parsed JSON, with the id its answer must carry. */
record Item(String id, Object event) {}
