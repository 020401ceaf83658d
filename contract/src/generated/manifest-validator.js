// Generated from contract/schema/manifest.schema.json by `npm run generate`. Do not edit.
"use strict";
export const validate = validate10;
export default validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://lambda-parallel-router.invalid/schema/manifest.schema.json","title":"Manifest","description":"The router's config manifest: settings at the top level, routes under `Spec`.","type":"object","additionalProperties":false,"required":["ListenAddr","Spec"],"properties":{"ListenAddr":{"type":"string","description":"Where the router serves: `host:port`, `[v6]:port`, `:port` or `localhost:port`."},"Spec":{"$ref":"#/$defs/Spec"},"AwsRegion":{"type":"string","description":"Region for S3 and for anything without a region of its own. Lambda is always called in the region of the target ARN.","pattern":"^[a-z0-9-]+$"},"LogLevel":{"type":"string","description":"Least severe level that is logged. `LPR_LOG_LEVEL` wins over it.","enum":["debug","info","warn","error"],"default":"info"},"MaxInflightInvocations":{"type":"integer","minimum":1,"default":64,"description":"Concurrent Lambda invocations, whole process."},"MaxInflightRequests":{"type":"integer","minimum":1,"default":4096,"description":"Admitted HTTP requests, whole process. Beyond it: 429 `too_many_requests`."},"MaxPendingInvocations":{"type":"integer","minimum":1,"default":256,"description":"Flushed batches that wait for a free invocation, whole process. Beyond it: 429 `router_overloaded`."},"MaxQueueDepthPerKey":{"type":"integer","minimum":1,"default":1000,"description":"Requests of one batch key that wait. Beyond it: 429 `queue_full`."},"MaxBatchKeysPerRoute":{"type":"integer","minimum":1,"default":1024,"description":"Batch keys of one route that are kept apart at a time. Beyond it a request with a new key value is invoked alone."},"IdleTtlMs":{"type":"integer","minimum":1,"default":30000,"description":"How long an idle batch key is remembered."},"DefaultTimeoutMs":{"type":"integer","minimum":1,"default":2000,"description":"`timeoutMs` of operations that set none."},"DefaultKey":{"type":"array","items":{"type":"string"},"description":"Key dimensions of every route that sets no `key` of its own, for example `[header:x-tenant-id]`.","default":[]},"MaxBodyBytes":{"type":"integer","minimum":1,"default":1048576,"description":"Largest request body. Beyond it: 413 `body_too_large`."},"MaxInvokePayloadBytes":{"type":"integer","minimum":1,"maximum":6291456,"default":6291456,"description":"Largest serialised batch. Lambda takes 6 MB."},"MaxStreamBufferBytes":{"type":"integer","minimum":1,"default":1048576,"description":"Unsent bytes held for one streaming client before that client alone is reset."},"StreamIdleTimeoutMs":{"type":"integer","minimum":1,"default":60000,"description":"A stream without a record for this long ends as an error; a client that takes nothing of a finished response for this long is reset."},"ForwardHeaders":{"type":"object","description":"Which request headers reach the function. Hop-by-hop headers never do.","additionalProperties":false,"default":{},"properties":{"Allow":{"type":"array","items":{"type":"string"},"description":"If not empty, only these headers are forwarded.","default":[]},"Deny":{"type":"array","items":{"type":"string"},"description":"These headers are not forwarded; wins over `Allow`.","default":[]}}},"TrustedProxyHops":{"type":"integer","minimum":0,"default":0,"description":"How many proxies in front of the router append to `x-forwarded-for`. `sourceIp` is the entry that many from the right, or the socket's address."},"HeadersTimeoutMs":{"type":"integer","minimum":1,"default":10000,"description":"Time a client has to send its request head."},"RequestReadTimeoutMs":{"type":"integer","minimum":1,"default":30000,"description":"Time a client has to send its whole request. Beyond it: 408 `request_read_timeout`."},"KeepAliveTimeoutMs":{"type":"integer","minimum":1,"default":65000,"description":"How long an idle connection is kept. Must exceed the idle timeout of a load balancer in front (60 s for ECS Express Mode)."},"ShutdownDelayMs":{"type":"integer","minimum":0,"default":10000,"description":"After SIGTERM readiness fails at once and the router serves on for this long, with `Connection: close`."},"ShutdownTimeoutMs":{"type":"integer","minimum":1,"default":25000,"description":"Counted from SIGTERM: what is left then is aborted. Platforms kill at 30 s."},"RetryBudgetPercent":{"type":"number","minimum":0,"maximum":100,"default":20,"description":"Retries allowed as a share of recent invocations, for routes that opt in."},"IncludeBatchHeaders":{"type":"boolean","default":false,"description":"Adds `x-lpr-batch-size`, `x-lpr-batch-wait-ms` (to the microsecond) and `x-lpr-flush-reason` to batched answers. `LPR_INCLUDE_BATCH_SIZE_HEADER` switches it too."},"AdminListenAddr":{"type":"string","description":"Where the admin server listens, which serves `/metrics` (Prometheus) and `/status` (JSON). Unset: off. Never on the public port."},"AccessLogSuccessPercent":{"type":"number","minimum":0,"maximum":100,"default":100,"description":"Share of the access log lines of 2xx responses that is written. Lines of any other response always are."},"TraceUrlQuery":{"type":"boolean","default":false,"description":"Traces tell the query string of requests as it came. Off: redacted, because queries hold tokens and personal data."},"EmfNamespace":{"type":"string","pattern":"^[A-Za-z0-9._/#:-]{1,255}$","description":"CloudWatch namespace: metrics are written to standard output once a minute in the Embedded Metric Format, for platforms without a scraper. Unset: off."}},"$defs":{"Spec":{"title":"Spec","description":"Routes, in the shape of an OpenAPI document. Only `paths` is read.","type":"object","required":["paths"],"additionalProperties":false,"patternProperties":{"^x-":{}},"properties":{"openapi":{},"info":{},"jsonSchemaDialect":{},"servers":{},"webhooks":{},"components":{},"security":{},"tags":{},"externalDocs":{},"paths":{"type":"object","description":"Path template to path item. `{name}` is one segment, `{name+}` at the end is the rest of the path.","additionalProperties":{"$ref":"#/$defs/PathItem"}}}},"PathItem":{"title":"PathItem","description":"Operations of one path, by lower-case method.","type":"object","additionalProperties":false,"properties":{"get":{"$ref":"#/$defs/Operation"},"post":{"$ref":"#/$defs/Operation"},"put":{"$ref":"#/$defs/Operation"},"delete":{"$ref":"#/$defs/Operation"},"patch":{"$ref":"#/$defs/Operation"},"head":{"$ref":"#/$defs/Operation"},"options":{"$ref":"#/$defs/Operation"},"summary":{},"description":{},"servers":{},"parameters":{}}},"Operation":{"title":"Operation","description":"One route: which function answers it, and how its requests are batched.","type":"object","required":["x-target-lambda","x-lpr"],"additionalProperties":false,"properties":{"operationId":{"type":"string","description":"Free text, unused at run time."},"x-target-lambda":{"type":"string","description":"ARN of the function, with or without a version or alias."},"x-lpr":{"$ref":"#/$defs/BatchSettings"},"summary":{},"description":{},"tags":{},"parameters":{},"requestBody":{},"responses":{},"callbacks":{},"deprecated":{},"security":{},"servers":{},"externalDocs":{}}},"BatchSettings":{"title":"BatchSettings","description":"`x-lpr`: how the requests of one route are batched and invoked.","type":"object","required":["maxWaitMs","maxBatchSize"],"additionalProperties":false,"properties":{"maxWaitMs":{"type":"integer","minimum":0,"description":"Longest wait of a batch's first request. 0: invoke at once, with whatever is already waiting."},"maxBatchSize":{"type":"integer","minimum":1,"description":"Requests in one invocation, at most."},"timeoutMs":{"type":"integer","minimum":1,"description":"From arrival to response head; beyond it 504 `timeout`. Must exceed `maxWaitMs`. Default: `DefaultTimeoutMs`."},"invokeMode":{"type":"string","description":"`buffered`: one JSON document comes back. `response_stream`: NDJSON records, each sent on as it arrives.","enum":["buffered","response_stream"],"default":"buffered"},"key":{"type":"array","items":{"type":"string"},"description":"Batch key dimensions: requests share a batch only if all agree. `header:<name>`, `query:<name>`, `path:<param>`, `cookie:<name>`, `sourceIp`. Default: `DefaultKey`."},"dynamicWait":{"$ref":"#/$defs/DynamicWait"},"adaptiveWait":{"$ref":"#/$defs/AdaptiveWait"},"maxBodyBytes":{"type":"integer","minimum":1,"description":"Largest request body of this route. Default: `MaxBodyBytes`."},"maxInflightInvocations":{"type":"integer","minimum":1,"description":"Concurrent invocations of this route. Waiting work stays batchable meanwhile."},"maxQueueDepth":{"type":"integer","minimum":1,"description":"Requests of one batch key of this route that wait. Default: `MaxQueueDepthPerKey`."},"payloadFormatVersion":{"type":"string","description":"Shape of the item event: HTTP API 2.0, REST 1.0 with multi-value maps, or ALB with multi-value maps.","enum":["2.0","1.0","alb"],"default":"2.0"},"retry":{"$ref":"#/$defs/Retry"},"bisectBatchOnFunctionError":{"type":"boolean","default":false,"description":"When an invocation fails as a whole, its items are invoked again in halves, so that one poisonous request fails alone."},"tenantId":{"type":"string","description":"`header:<name>` or `path:<param>`: sent as `X-Amz-Tenant-Id`, always part of the batch key; a request without it gets 400."}}},"DynamicWait":{"title":"DynamicWait","description":"The window grows with the request rate of the batch key, along a sigmoid from `minWaitMs` to `maxWaitMs`.","type":"object","required":["minWaitMs"],"additionalProperties":false,"properties":{"minWaitMs":{"type":"integer","minimum":0,"description":"Wait at no traffic. At most `maxWaitMs`."},"targetRps":{"type":"number","minimum":0,"default":50,"description":"Rate at which the wait is half way."},"steepness":{"type":"number","exclusiveMinimum":0,"default":0.01,"description":"How sharply the wait rises around `targetRps`."},"samplingIntervalMs":{"type":"integer","minimum":1,"default":100,"description":"Length of one rate sample."},"smoothingSamples":{"type":"integer","minimum":1,"default":10,"description":"Samples that are averaged."}}},"AdaptiveWait":{"title":"AdaptiveWait","description":"The window that costs least, learned from arrivals; `maxWaitMs` stays the cap on every wait. Excludes `dynamicWait`.","type":"object","additionalProperties":false,"properties":{"invocationPriceMs":{"type":"number","exclusiveMinimum":0,"description":"How many ms of waiting, added up over a batch, one saved invocation is worth. Default: 8 x `maxWaitMs`."}}},"Retry":{"title":"Retry","description":"Retries of a failed invocation before the first byte, with full jitter, inside the request's own deadline and the retry budget.","type":"object","required":["maxAttempts","on"],"additionalProperties":false,"properties":{"maxAttempts":{"type":"integer","minimum":1,"maximum":3,"description":"Attempts in all."},"on":{"type":"array","description":"Which failures are tried again.","items":{"type":"string","enum":["throttle","transport","function_error"]}},"nonIdempotent":{"type":"boolean","default":false,"description":"Allows retries and bisecting of methods other than GET, HEAD, OPTIONS, PUT and DELETE."}}}}};
const func2 = Object.prototype.hasOwnProperty;
const schema12 = {"title":"Spec","description":"Routes, in the shape of an OpenAPI document. Only `paths` is read.","type":"object","required":["paths"],"additionalProperties":false,"patternProperties":{"^x-":{}},"properties":{"openapi":{},"info":{},"jsonSchemaDialect":{},"servers":{},"webhooks":{},"components":{},"security":{},"tags":{},"externalDocs":{},"paths":{"type":"object","description":"Path template to path item. `{name}` is one segment, `{name+}` at the end is the rest of the path.","additionalProperties":{"$ref":"#/$defs/PathItem"}}}};
const pattern0 = new RegExp("^x-", "u");
const schema13 = {"title":"PathItem","description":"Operations of one path, by lower-case method.","type":"object","additionalProperties":false,"properties":{"get":{"$ref":"#/$defs/Operation"},"post":{"$ref":"#/$defs/Operation"},"put":{"$ref":"#/$defs/Operation"},"delete":{"$ref":"#/$defs/Operation"},"patch":{"$ref":"#/$defs/Operation"},"head":{"$ref":"#/$defs/Operation"},"options":{"$ref":"#/$defs/Operation"},"summary":{},"description":{},"servers":{},"parameters":{}}};
const schema14 = {"title":"Operation","description":"One route: which function answers it, and how its requests are batched.","type":"object","required":["x-target-lambda","x-lpr"],"additionalProperties":false,"properties":{"operationId":{"type":"string","description":"Free text, unused at run time."},"x-target-lambda":{"type":"string","description":"ARN of the function, with or without a version or alias."},"x-lpr":{"$ref":"#/$defs/BatchSettings"},"summary":{},"description":{},"tags":{},"parameters":{},"requestBody":{},"responses":{},"callbacks":{},"deprecated":{},"security":{},"servers":{},"externalDocs":{}}};
const schema15 = {"title":"BatchSettings","description":"`x-lpr`: how the requests of one route are batched and invoked.","type":"object","required":["maxWaitMs","maxBatchSize"],"additionalProperties":false,"properties":{"maxWaitMs":{"type":"integer","minimum":0,"description":"Longest wait of a batch's first request. 0: invoke at once, with whatever is already waiting."},"maxBatchSize":{"type":"integer","minimum":1,"description":"Requests in one invocation, at most."},"timeoutMs":{"type":"integer","minimum":1,"description":"From arrival to response head; beyond it 504 `timeout`. Must exceed `maxWaitMs`. Default: `DefaultTimeoutMs`."},"invokeMode":{"type":"string","description":"`buffered`: one JSON document comes back. `response_stream`: NDJSON records, each sent on as it arrives.","enum":["buffered","response_stream"],"default":"buffered"},"key":{"type":"array","items":{"type":"string"},"description":"Batch key dimensions: requests share a batch only if all agree. `header:<name>`, `query:<name>`, `path:<param>`, `cookie:<name>`, `sourceIp`. Default: `DefaultKey`."},"dynamicWait":{"$ref":"#/$defs/DynamicWait"},"adaptiveWait":{"$ref":"#/$defs/AdaptiveWait"},"maxBodyBytes":{"type":"integer","minimum":1,"description":"Largest request body of this route. Default: `MaxBodyBytes`."},"maxInflightInvocations":{"type":"integer","minimum":1,"description":"Concurrent invocations of this route. Waiting work stays batchable meanwhile."},"maxQueueDepth":{"type":"integer","minimum":1,"description":"Requests of one batch key of this route that wait. Default: `MaxQueueDepthPerKey`."},"payloadFormatVersion":{"type":"string","description":"Shape of the item event: HTTP API 2.0, REST 1.0 with multi-value maps, or ALB with multi-value maps.","enum":["2.0","1.0","alb"],"default":"2.0"},"retry":{"$ref":"#/$defs/Retry"},"bisectBatchOnFunctionError":{"type":"boolean","default":false,"description":"When an invocation fails as a whole, its items are invoked again in halves, so that one poisonous request fails alone."},"tenantId":{"type":"string","description":"`header:<name>` or `path:<param>`: sent as `X-Amz-Tenant-Id`, always part of the batch key; a request without it gets 400."}}};
const schema16 = {"title":"DynamicWait","description":"The window grows with the request rate of the batch key, along a sigmoid from `minWaitMs` to `maxWaitMs`.","type":"object","required":["minWaitMs"],"additionalProperties":false,"properties":{"minWaitMs":{"type":"integer","minimum":0,"description":"Wait at no traffic. At most `maxWaitMs`."},"targetRps":{"type":"number","minimum":0,"default":50,"description":"Rate at which the wait is half way."},"steepness":{"type":"number","exclusiveMinimum":0,"default":0.01,"description":"How sharply the wait rises around `targetRps`."},"samplingIntervalMs":{"type":"integer","minimum":1,"default":100,"description":"Length of one rate sample."},"smoothingSamples":{"type":"integer","minimum":1,"default":10,"description":"Samples that are averaged."}}};
const schema17 = {"title":"AdaptiveWait","description":"The window that costs least, learned from arrivals; `maxWaitMs` stays the cap on every wait. Excludes `dynamicWait`.","type":"object","additionalProperties":false,"properties":{"invocationPriceMs":{"type":"number","exclusiveMinimum":0,"description":"How many ms of waiting, added up over a batch, one saved invocation is worth. Default: 8 x `maxWaitMs`."}}};
const schema18 = {"title":"Retry","description":"Retries of a failed invocation before the first byte, with full jitter, inside the request's own deadline and the retry budget.","type":"object","required":["maxAttempts","on"],"additionalProperties":false,"properties":{"maxAttempts":{"type":"integer","minimum":1,"maximum":3,"description":"Attempts in all."},"on":{"type":"array","description":"Which failures are tried again.","items":{"type":"string","enum":["throttle","transport","function_error"]}},"nonIdempotent":{"type":"boolean","default":false,"description":"Allows retries and bisecting of methods other than GET, HEAD, OPTIONS, PUT and DELETE."}}};

function validate14(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.invokeMode === undefined){
data.invokeMode = "buffered";
}
if(data.payloadFormatVersion === undefined){
data.payloadFormatVersion = "2.0";
}
if(data.bisectBatchOnFunctionError === undefined){
data.bisectBatchOnFunctionError = false;
}
if(data.maxWaitMs === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "maxWaitMs"},message:"must have required property '"+"maxWaitMs"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.maxBatchSize === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "maxBatchSize"},message:"must have required property '"+"maxBatchSize"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema15.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.maxWaitMs !== undefined){
let data0 = data.maxWaitMs;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
const err3 = {instancePath:instancePath+"/maxWaitMs",schemaPath:"#/properties/maxWaitMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 < 0 || isNaN(data0)){
const err4 = {instancePath:instancePath+"/maxWaitMs",schemaPath:"#/properties/maxWaitMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
if(data.maxBatchSize !== undefined){
let data1 = data.maxBatchSize;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err5 = {instancePath:instancePath+"/maxBatchSize",schemaPath:"#/properties/maxBatchSize/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 < 1 || isNaN(data1)){
const err6 = {instancePath:instancePath+"/maxBatchSize",schemaPath:"#/properties/maxBatchSize/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
if(data.timeoutMs !== undefined){
let data2 = data.timeoutMs;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err7 = {instancePath:instancePath+"/timeoutMs",schemaPath:"#/properties/timeoutMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 < 1 || isNaN(data2)){
const err8 = {instancePath:instancePath+"/timeoutMs",schemaPath:"#/properties/timeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
let data3 = data.invokeMode;
if(typeof data3 !== "string"){
const err9 = {instancePath:instancePath+"/invokeMode",schemaPath:"#/properties/invokeMode/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!((data3 === "buffered") || (data3 === "response_stream"))){
const err10 = {instancePath:instancePath+"/invokeMode",schemaPath:"#/properties/invokeMode/enum",keyword:"enum",params:{allowedValues: schema15.properties.invokeMode.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data.key !== undefined){
let data4 = data.key;
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
if(typeof data4[i0] !== "string"){
const err11 = {instancePath:instancePath+"/key/" + i0,schemaPath:"#/properties/key/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/key",schemaPath:"#/properties/key/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.dynamicWait !== undefined){
let data6 = data.dynamicWait;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.targetRps === undefined){
data6.targetRps = 50;
}
if(data6.steepness === undefined){
data6.steepness = 0.01;
}
if(data6.samplingIntervalMs === undefined){
data6.samplingIntervalMs = 100;
}
if(data6.smoothingSamples === undefined){
data6.smoothingSamples = 10;
}
if(data6.minWaitMs === undefined){
const err13 = {instancePath:instancePath+"/dynamicWait",schemaPath:"#/$defs/DynamicWait/required",keyword:"required",params:{missingProperty: "minWaitMs"},message:"must have required property '"+"minWaitMs"+"'"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key1 in data6){
if(!(((((key1 === "minWaitMs") || (key1 === "targetRps")) || (key1 === "steepness")) || (key1 === "samplingIntervalMs")) || (key1 === "smoothingSamples"))){
const err14 = {instancePath:instancePath+"/dynamicWait",schemaPath:"#/$defs/DynamicWait/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data6.minWaitMs !== undefined){
let data7 = data6.minWaitMs;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err15 = {instancePath:instancePath+"/dynamicWait/minWaitMs",schemaPath:"#/$defs/DynamicWait/properties/minWaitMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 0 || isNaN(data7)){
const err16 = {instancePath:instancePath+"/dynamicWait/minWaitMs",schemaPath:"#/$defs/DynamicWait/properties/minWaitMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
let data8 = data6.targetRps;
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 0 || isNaN(data8)){
const err17 = {instancePath:instancePath+"/dynamicWait/targetRps",schemaPath:"#/$defs/DynamicWait/properties/targetRps/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/dynamicWait/targetRps",schemaPath:"#/$defs/DynamicWait/properties/targetRps/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
let data9 = data6.steepness;
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 <= 0 || isNaN(data9)){
const err19 = {instancePath:instancePath+"/dynamicWait/steepness",schemaPath:"#/$defs/DynamicWait/properties/steepness/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/dynamicWait/steepness",schemaPath:"#/$defs/DynamicWait/properties/steepness/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
let data10 = data6.samplingIntervalMs;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
const err21 = {instancePath:instancePath+"/dynamicWait/samplingIntervalMs",schemaPath:"#/$defs/DynamicWait/properties/samplingIntervalMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 1 || isNaN(data10)){
const err22 = {instancePath:instancePath+"/dynamicWait/samplingIntervalMs",schemaPath:"#/$defs/DynamicWait/properties/samplingIntervalMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
let data11 = data6.smoothingSamples;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
const err23 = {instancePath:instancePath+"/dynamicWait/smoothingSamples",schemaPath:"#/$defs/DynamicWait/properties/smoothingSamples/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 < 1 || isNaN(data11)){
const err24 = {instancePath:instancePath+"/dynamicWait/smoothingSamples",schemaPath:"#/$defs/DynamicWait/properties/smoothingSamples/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath:instancePath+"/dynamicWait",schemaPath:"#/$defs/DynamicWait/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.adaptiveWait !== undefined){
let data12 = data.adaptiveWait;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key2 in data12){
if(!(key2 === "invocationPriceMs")){
const err26 = {instancePath:instancePath+"/adaptiveWait",schemaPath:"#/$defs/AdaptiveWait/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data12.invocationPriceMs !== undefined){
let data13 = data12.invocationPriceMs;
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 <= 0 || isNaN(data13)){
const err27 = {instancePath:instancePath+"/adaptiveWait/invocationPriceMs",schemaPath:"#/$defs/AdaptiveWait/properties/invocationPriceMs/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/adaptiveWait/invocationPriceMs",schemaPath:"#/$defs/AdaptiveWait/properties/invocationPriceMs/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/adaptiveWait",schemaPath:"#/$defs/AdaptiveWait/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data.maxBodyBytes !== undefined){
let data14 = data.maxBodyBytes;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
const err30 = {instancePath:instancePath+"/maxBodyBytes",schemaPath:"#/properties/maxBodyBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 < 1 || isNaN(data14)){
const err31 = {instancePath:instancePath+"/maxBodyBytes",schemaPath:"#/properties/maxBodyBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
if(data.maxInflightInvocations !== undefined){
let data15 = data.maxInflightInvocations;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
const err32 = {instancePath:instancePath+"/maxInflightInvocations",schemaPath:"#/properties/maxInflightInvocations/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 < 1 || isNaN(data15)){
const err33 = {instancePath:instancePath+"/maxInflightInvocations",schemaPath:"#/properties/maxInflightInvocations/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
if(data.maxQueueDepth !== undefined){
let data16 = data.maxQueueDepth;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
const err34 = {instancePath:instancePath+"/maxQueueDepth",schemaPath:"#/properties/maxQueueDepth/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 < 1 || isNaN(data16)){
const err35 = {instancePath:instancePath+"/maxQueueDepth",schemaPath:"#/properties/maxQueueDepth/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
}
let data17 = data.payloadFormatVersion;
if(typeof data17 !== "string"){
const err36 = {instancePath:instancePath+"/payloadFormatVersion",schemaPath:"#/properties/payloadFormatVersion/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(!(((data17 === "2.0") || (data17 === "1.0")) || (data17 === "alb"))){
const err37 = {instancePath:instancePath+"/payloadFormatVersion",schemaPath:"#/properties/payloadFormatVersion/enum",keyword:"enum",params:{allowedValues: schema15.properties.payloadFormatVersion.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data.retry !== undefined){
let data18 = data.retry;
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(data18.nonIdempotent === undefined){
data18.nonIdempotent = false;
}
if(data18.maxAttempts === undefined){
const err38 = {instancePath:instancePath+"/retry",schemaPath:"#/$defs/Retry/required",keyword:"required",params:{missingProperty: "maxAttempts"},message:"must have required property '"+"maxAttempts"+"'"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data18.on === undefined){
const err39 = {instancePath:instancePath+"/retry",schemaPath:"#/$defs/Retry/required",keyword:"required",params:{missingProperty: "on"},message:"must have required property '"+"on"+"'"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
for(const key3 in data18){
if(!(((key3 === "maxAttempts") || (key3 === "on")) || (key3 === "nonIdempotent"))){
const err40 = {instancePath:instancePath+"/retry",schemaPath:"#/$defs/Retry/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data18.maxAttempts !== undefined){
let data19 = data18.maxAttempts;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
const err41 = {instancePath:instancePath+"/retry/maxAttempts",schemaPath:"#/$defs/Retry/properties/maxAttempts/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 3 || isNaN(data19)){
const err42 = {instancePath:instancePath+"/retry/maxAttempts",schemaPath:"#/$defs/Retry/properties/maxAttempts/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3},message:"must be <= 3"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(data19 < 1 || isNaN(data19)){
const err43 = {instancePath:instancePath+"/retry/maxAttempts",schemaPath:"#/$defs/Retry/properties/maxAttempts/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
if(data18.on !== undefined){
let data20 = data18.on;
if(Array.isArray(data20)){
const len1 = data20.length;
for(let i1=0; i1<len1; i1++){
let data21 = data20[i1];
if(typeof data21 !== "string"){
const err44 = {instancePath:instancePath+"/retry/on/" + i1,schemaPath:"#/$defs/Retry/properties/on/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(!(((data21 === "throttle") || (data21 === "transport")) || (data21 === "function_error"))){
const err45 = {instancePath:instancePath+"/retry/on/" + i1,schemaPath:"#/$defs/Retry/properties/on/items/enum",keyword:"enum",params:{allowedValues: schema18.properties.on.items.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
else {
const err46 = {instancePath:instancePath+"/retry/on",schemaPath:"#/$defs/Retry/properties/on/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(typeof data18.nonIdempotent !== "boolean"){
const err47 = {instancePath:instancePath+"/retry/nonIdempotent",schemaPath:"#/$defs/Retry/properties/nonIdempotent/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
else {
const err48 = {instancePath:instancePath+"/retry",schemaPath:"#/$defs/Retry/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(typeof data.bisectBatchOnFunctionError !== "boolean"){
const err49 = {instancePath:instancePath+"/bisectBatchOnFunctionError",schemaPath:"#/properties/bisectBatchOnFunctionError/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data.tenantId !== undefined){
if(typeof data.tenantId !== "string"){
const err50 = {instancePath:instancePath+"/tenantId",schemaPath:"#/properties/tenantId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
else {
const err51 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
validate14.errors = vErrors;
return errors === 0;
}


function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data["x-target-lambda"] === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "x-target-lambda"},message:"must have required property '"+"x-target-lambda"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data["x-lpr"] === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "x-lpr"},message:"must have required property '"+"x-lpr"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema14.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.operationId !== undefined){
if(typeof data.operationId !== "string"){
const err3 = {instancePath:instancePath+"/operationId",schemaPath:"#/properties/operationId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data["x-target-lambda"] !== undefined){
if(typeof data["x-target-lambda"] !== "string"){
const err4 = {instancePath:instancePath+"/x-target-lambda",schemaPath:"#/properties/x-target-lambda/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data["x-lpr"] !== undefined){
if(!(validate14(data["x-lpr"], {instancePath:instancePath+"/x-lpr",parentData:data,parentDataProperty:"x-lpr",rootData}))){
vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
errors = vErrors.length;
}
}
}
else {
const err5 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
validate13.errors = vErrors;
return errors === 0;
}


function validate12(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema13.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.get !== undefined){
if(!(validate13(data.get, {instancePath:instancePath+"/get",parentData:data,parentDataProperty:"get",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
if(data.post !== undefined){
if(!(validate13(data.post, {instancePath:instancePath+"/post",parentData:data,parentDataProperty:"post",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
if(data.put !== undefined){
if(!(validate13(data.put, {instancePath:instancePath+"/put",parentData:data,parentDataProperty:"put",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
if(data.delete !== undefined){
if(!(validate13(data.delete, {instancePath:instancePath+"/delete",parentData:data,parentDataProperty:"delete",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
if(data.patch !== undefined){
if(!(validate13(data.patch, {instancePath:instancePath+"/patch",parentData:data,parentDataProperty:"patch",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
if(data.head !== undefined){
if(!(validate13(data.head, {instancePath:instancePath+"/head",parentData:data,parentDataProperty:"head",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
if(data.options !== undefined){
if(!(validate13(data.options, {instancePath:instancePath+"/options",parentData:data,parentDataProperty:"options",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate12.errors = vErrors;
return errors === 0;
}


function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.paths === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "paths"},message:"must have required property '"+"paths"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((func2.call(schema12.properties, key0)) || (pattern0.test(key0)))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.paths !== undefined){
let data0 = data.paths;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
if(!(validate12(data0[key1], {instancePath:instancePath+"/paths/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data0,parentDataProperty:key1,rootData}))){
vErrors = vErrors === null ? validate12.errors : vErrors.concat(validate12.errors);
errors = vErrors.length;
}
}
}
else {
const err2 = {instancePath:instancePath+"/paths",schemaPath:"#/properties/paths/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
}
else {
const err3 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
validate11.errors = vErrors;
return errors === 0;
}

const pattern1 = new RegExp("^[a-z0-9-]+$", "u");
const pattern2 = new RegExp("^[A-Za-z0-9._/#:-]{1,255}$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="https://lambda-parallel-router.invalid/schema/manifest.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.LogLevel === undefined){
data.LogLevel = "info";
}
if(data.MaxInflightInvocations === undefined){
data.MaxInflightInvocations = 64;
}
if(data.MaxInflightRequests === undefined){
data.MaxInflightRequests = 4096;
}
if(data.MaxPendingInvocations === undefined){
data.MaxPendingInvocations = 256;
}
if(data.MaxQueueDepthPerKey === undefined){
data.MaxQueueDepthPerKey = 1000;
}
if(data.MaxBatchKeysPerRoute === undefined){
data.MaxBatchKeysPerRoute = 1024;
}
if(data.IdleTtlMs === undefined){
data.IdleTtlMs = 30000;
}
if(data.DefaultTimeoutMs === undefined){
data.DefaultTimeoutMs = 2000;
}
if(data.DefaultKey === undefined){
data.DefaultKey = [];
}
if(data.MaxBodyBytes === undefined){
data.MaxBodyBytes = 1048576;
}
if(data.MaxInvokePayloadBytes === undefined){
data.MaxInvokePayloadBytes = 6291456;
}
if(data.MaxStreamBufferBytes === undefined){
data.MaxStreamBufferBytes = 1048576;
}
if(data.StreamIdleTimeoutMs === undefined){
data.StreamIdleTimeoutMs = 60000;
}
if(data.ForwardHeaders === undefined){
data.ForwardHeaders = {};
}
if(data.TrustedProxyHops === undefined){
data.TrustedProxyHops = 0;
}
if(data.HeadersTimeoutMs === undefined){
data.HeadersTimeoutMs = 10000;
}
if(data.RequestReadTimeoutMs === undefined){
data.RequestReadTimeoutMs = 30000;
}
if(data.KeepAliveTimeoutMs === undefined){
data.KeepAliveTimeoutMs = 65000;
}
if(data.ShutdownDelayMs === undefined){
data.ShutdownDelayMs = 10000;
}
if(data.ShutdownTimeoutMs === undefined){
data.ShutdownTimeoutMs = 25000;
}
if(data.RetryBudgetPercent === undefined){
data.RetryBudgetPercent = 20;
}
if(data.IncludeBatchHeaders === undefined){
data.IncludeBatchHeaders = false;
}
if(data.AccessLogSuccessPercent === undefined){
data.AccessLogSuccessPercent = 100;
}
if(data.TraceUrlQuery === undefined){
data.TraceUrlQuery = false;
}
if(data.ListenAddr === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "ListenAddr"},message:"must have required property '"+"ListenAddr"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.Spec === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "Spec"},message:"must have required property '"+"Spec"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.ListenAddr !== undefined){
if(typeof data.ListenAddr !== "string"){
const err3 = {instancePath:instancePath+"/ListenAddr",schemaPath:"#/properties/ListenAddr/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.Spec !== undefined){
if(!(validate11(data.Spec, {instancePath:instancePath+"/Spec",parentData:data,parentDataProperty:"Spec",rootData}))){
vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
errors = vErrors.length;
}
}
if(data.AwsRegion !== undefined){
let data2 = data.AwsRegion;
if(typeof data2 === "string"){
if(!pattern1.test(data2)){
const err4 = {instancePath:instancePath+"/AwsRegion",schemaPath:"#/properties/AwsRegion/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9-]+$"},message:"must match pattern \""+"^[a-z0-9-]+$"+"\""};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/AwsRegion",schemaPath:"#/properties/AwsRegion/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
let data3 = data.LogLevel;
if(typeof data3 !== "string"){
const err6 = {instancePath:instancePath+"/LogLevel",schemaPath:"#/properties/LogLevel/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(!((((data3 === "debug") || (data3 === "info")) || (data3 === "warn")) || (data3 === "error"))){
const err7 = {instancePath:instancePath+"/LogLevel",schemaPath:"#/properties/LogLevel/enum",keyword:"enum",params:{allowedValues: schema11.properties.LogLevel.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
let data4 = data.MaxInflightInvocations;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err8 = {instancePath:instancePath+"/MaxInflightInvocations",schemaPath:"#/properties/MaxInflightInvocations/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 1 || isNaN(data4)){
const err9 = {instancePath:instancePath+"/MaxInflightInvocations",schemaPath:"#/properties/MaxInflightInvocations/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
let data5 = data.MaxInflightRequests;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err10 = {instancePath:instancePath+"/MaxInflightRequests",schemaPath:"#/properties/MaxInflightRequests/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 1 || isNaN(data5)){
const err11 = {instancePath:instancePath+"/MaxInflightRequests",schemaPath:"#/properties/MaxInflightRequests/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
let data6 = data.MaxPendingInvocations;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
const err12 = {instancePath:instancePath+"/MaxPendingInvocations",schemaPath:"#/properties/MaxPendingInvocations/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 < 1 || isNaN(data6)){
const err13 = {instancePath:instancePath+"/MaxPendingInvocations",schemaPath:"#/properties/MaxPendingInvocations/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
let data7 = data.MaxQueueDepthPerKey;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err14 = {instancePath:instancePath+"/MaxQueueDepthPerKey",schemaPath:"#/properties/MaxQueueDepthPerKey/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 < 1 || isNaN(data7)){
const err15 = {instancePath:instancePath+"/MaxQueueDepthPerKey",schemaPath:"#/properties/MaxQueueDepthPerKey/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
let data8 = data.MaxBatchKeysPerRoute;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
const err16 = {instancePath:instancePath+"/MaxBatchKeysPerRoute",schemaPath:"#/properties/MaxBatchKeysPerRoute/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 < 1 || isNaN(data8)){
const err17 = {instancePath:instancePath+"/MaxBatchKeysPerRoute",schemaPath:"#/properties/MaxBatchKeysPerRoute/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
let data9 = data.IdleTtlMs;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
const err18 = {instancePath:instancePath+"/IdleTtlMs",schemaPath:"#/properties/IdleTtlMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 1 || isNaN(data9)){
const err19 = {instancePath:instancePath+"/IdleTtlMs",schemaPath:"#/properties/IdleTtlMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
let data10 = data.DefaultTimeoutMs;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
const err20 = {instancePath:instancePath+"/DefaultTimeoutMs",schemaPath:"#/properties/DefaultTimeoutMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 1 || isNaN(data10)){
const err21 = {instancePath:instancePath+"/DefaultTimeoutMs",schemaPath:"#/properties/DefaultTimeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
let data11 = data.DefaultKey;
if(Array.isArray(data11)){
const len0 = data11.length;
for(let i0=0; i0<len0; i0++){
if(typeof data11[i0] !== "string"){
const err22 = {instancePath:instancePath+"/DefaultKey/" + i0,schemaPath:"#/properties/DefaultKey/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath:instancePath+"/DefaultKey",schemaPath:"#/properties/DefaultKey/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
let data13 = data.MaxBodyBytes;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err24 = {instancePath:instancePath+"/MaxBodyBytes",schemaPath:"#/properties/MaxBodyBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 < 1 || isNaN(data13)){
const err25 = {instancePath:instancePath+"/MaxBodyBytes",schemaPath:"#/properties/MaxBodyBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
let data14 = data.MaxInvokePayloadBytes;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
const err26 = {instancePath:instancePath+"/MaxInvokePayloadBytes",schemaPath:"#/properties/MaxInvokePayloadBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 6291456 || isNaN(data14)){
const err27 = {instancePath:instancePath+"/MaxInvokePayloadBytes",schemaPath:"#/properties/MaxInvokePayloadBytes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 6291456},message:"must be <= 6291456"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data14 < 1 || isNaN(data14)){
const err28 = {instancePath:instancePath+"/MaxInvokePayloadBytes",schemaPath:"#/properties/MaxInvokePayloadBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
let data15 = data.MaxStreamBufferBytes;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
const err29 = {instancePath:instancePath+"/MaxStreamBufferBytes",schemaPath:"#/properties/MaxStreamBufferBytes/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 < 1 || isNaN(data15)){
const err30 = {instancePath:instancePath+"/MaxStreamBufferBytes",schemaPath:"#/properties/MaxStreamBufferBytes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
let data16 = data.StreamIdleTimeoutMs;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
const err31 = {instancePath:instancePath+"/StreamIdleTimeoutMs",schemaPath:"#/properties/StreamIdleTimeoutMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 < 1 || isNaN(data16)){
const err32 = {instancePath:instancePath+"/StreamIdleTimeoutMs",schemaPath:"#/properties/StreamIdleTimeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
let data17 = data.ForwardHeaders;
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
if(data17.Allow === undefined){
data17.Allow = [];
}
if(data17.Deny === undefined){
data17.Deny = [];
}
for(const key1 in data17){
if(!((key1 === "Allow") || (key1 === "Deny"))){
const err33 = {instancePath:instancePath+"/ForwardHeaders",schemaPath:"#/properties/ForwardHeaders/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
let data18 = data17.Allow;
if(Array.isArray(data18)){
const len1 = data18.length;
for(let i1=0; i1<len1; i1++){
if(typeof data18[i1] !== "string"){
const err34 = {instancePath:instancePath+"/ForwardHeaders/Allow/" + i1,schemaPath:"#/properties/ForwardHeaders/properties/Allow/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
}
else {
const err35 = {instancePath:instancePath+"/ForwardHeaders/Allow",schemaPath:"#/properties/ForwardHeaders/properties/Allow/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
let data20 = data17.Deny;
if(Array.isArray(data20)){
const len2 = data20.length;
for(let i2=0; i2<len2; i2++){
if(typeof data20[i2] !== "string"){
const err36 = {instancePath:instancePath+"/ForwardHeaders/Deny/" + i2,schemaPath:"#/properties/ForwardHeaders/properties/Deny/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
}
else {
const err37 = {instancePath:instancePath+"/ForwardHeaders/Deny",schemaPath:"#/properties/ForwardHeaders/properties/Deny/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/ForwardHeaders",schemaPath:"#/properties/ForwardHeaders/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
let data22 = data.TrustedProxyHops;
if(!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22)))){
const err39 = {instancePath:instancePath+"/TrustedProxyHops",schemaPath:"#/properties/TrustedProxyHops/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if((typeof data22 == "number") && (isFinite(data22))){
if(data22 < 0 || isNaN(data22)){
const err40 = {instancePath:instancePath+"/TrustedProxyHops",schemaPath:"#/properties/TrustedProxyHops/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
let data23 = data.HeadersTimeoutMs;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
const err41 = {instancePath:instancePath+"/HeadersTimeoutMs",schemaPath:"#/properties/HeadersTimeoutMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 1 || isNaN(data23)){
const err42 = {instancePath:instancePath+"/HeadersTimeoutMs",schemaPath:"#/properties/HeadersTimeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
let data24 = data.RequestReadTimeoutMs;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
const err43 = {instancePath:instancePath+"/RequestReadTimeoutMs",schemaPath:"#/properties/RequestReadTimeoutMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 < 1 || isNaN(data24)){
const err44 = {instancePath:instancePath+"/RequestReadTimeoutMs",schemaPath:"#/properties/RequestReadTimeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
let data25 = data.KeepAliveTimeoutMs;
if(!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))){
const err45 = {instancePath:instancePath+"/KeepAliveTimeoutMs",schemaPath:"#/properties/KeepAliveTimeoutMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 < 1 || isNaN(data25)){
const err46 = {instancePath:instancePath+"/KeepAliveTimeoutMs",schemaPath:"#/properties/KeepAliveTimeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
let data26 = data.ShutdownDelayMs;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
const err47 = {instancePath:instancePath+"/ShutdownDelayMs",schemaPath:"#/properties/ShutdownDelayMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 < 0 || isNaN(data26)){
const err48 = {instancePath:instancePath+"/ShutdownDelayMs",schemaPath:"#/properties/ShutdownDelayMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
let data27 = data.ShutdownTimeoutMs;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
const err49 = {instancePath:instancePath+"/ShutdownTimeoutMs",schemaPath:"#/properties/ShutdownTimeoutMs/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 < 1 || isNaN(data27)){
const err50 = {instancePath:instancePath+"/ShutdownTimeoutMs",schemaPath:"#/properties/ShutdownTimeoutMs/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
let data28 = data.RetryBudgetPercent;
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 > 100 || isNaN(data28)){
const err51 = {instancePath:instancePath+"/RetryBudgetPercent",schemaPath:"#/properties/RetryBudgetPercent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data28 < 0 || isNaN(data28)){
const err52 = {instancePath:instancePath+"/RetryBudgetPercent",schemaPath:"#/properties/RetryBudgetPercent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/RetryBudgetPercent",schemaPath:"#/properties/RetryBudgetPercent/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(typeof data.IncludeBatchHeaders !== "boolean"){
const err54 = {instancePath:instancePath+"/IncludeBatchHeaders",schemaPath:"#/properties/IncludeBatchHeaders/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(data.AdminListenAddr !== undefined){
if(typeof data.AdminListenAddr !== "string"){
const err55 = {instancePath:instancePath+"/AdminListenAddr",schemaPath:"#/properties/AdminListenAddr/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
let data31 = data.AccessLogSuccessPercent;
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 > 100 || isNaN(data31)){
const err56 = {instancePath:instancePath+"/AccessLogSuccessPercent",schemaPath:"#/properties/AccessLogSuccessPercent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100"};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if(data31 < 0 || isNaN(data31)){
const err57 = {instancePath:instancePath+"/AccessLogSuccessPercent",schemaPath:"#/properties/AccessLogSuccessPercent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
else {
const err58 = {instancePath:instancePath+"/AccessLogSuccessPercent",schemaPath:"#/properties/AccessLogSuccessPercent/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(typeof data.TraceUrlQuery !== "boolean"){
const err59 = {instancePath:instancePath+"/TraceUrlQuery",schemaPath:"#/properties/TraceUrlQuery/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if(data.EmfNamespace !== undefined){
let data33 = data.EmfNamespace;
if(typeof data33 === "string"){
if(!pattern2.test(data33)){
const err60 = {instancePath:instancePath+"/EmfNamespace",schemaPath:"#/properties/EmfNamespace/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9._/#:-]{1,255}$"},message:"must match pattern \""+"^[A-Za-z0-9._/#:-]{1,255}$"+"\""};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
else {
const err61 = {instancePath:instancePath+"/EmfNamespace",schemaPath:"#/properties/EmfNamespace/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
}
else {
const err62 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
