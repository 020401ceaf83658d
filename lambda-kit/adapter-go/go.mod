module github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go

go 1.26

require github.com/aws/aws-lambda-go v1.55.1
