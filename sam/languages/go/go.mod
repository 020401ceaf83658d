module github.com/lambda-parallel-router/lambda-parallel-router/sam/languages/go

go 1.26

require (
	github.com/aws/aws-lambda-go v1.55.1
	github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go v0.0.0
)

replace github.com/lambda-parallel-router/lambda-parallel-router/lambda-kit/adapter-go => ../../../lambda-kit/adapter-go
