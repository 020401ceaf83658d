// Package lpradapter makes batch handlers for the lambda-parallel-router of Lambda handlers that know one request.
//
// The router sends several requests as one invocation. The adapter hands them to the handler one by one, side by side,
// and sends the answers back. A request that fails gets status 500; the others do not notice. An event that is no batch
// goes to the handler itself, so the same function works behind API Gateway or a function URL.
//
// [Batch] is for routes with invokeMode buffered, [BatchStream] for routes with invokeMode response_stream.
package lpradapter
