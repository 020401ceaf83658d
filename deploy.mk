# Deployment to AWS: the router's image, the bootstrap stack, the demo. docs/deploy.md tells when to use what.
# Every variable can be set on the command line or in the environment; `make print-vars` shows them.

# Account and region are looked up when a target first needs them, and then remembered. `make test` asks nobody.
ifndef AWS_REGION
unexport AWS_REGION
AWS_REGION = $(eval AWS_REGION := $(or $(AWS_DEFAULT_REGION),$(shell aws configure get region)))$(AWS_REGION)
endif
ifndef AWS_ACCOUNT_ID
unexport AWS_ACCOUNT_ID
AWS_ACCOUNT_ID = $(eval AWS_ACCOUNT_ID := $(shell aws sts get-caller-identity --query Account --output text))$(AWS_ACCOUNT_ID)
endif

AWS_DOMAIN = amazonaws.com$(if $(filter cn-%,$(AWS_REGION)),.cn)
ECR_REGISTRY ?= $(AWS_ACCOUNT_ID).dkr.ecr.$(AWS_REGION).$(AWS_DOMAIN)
ROUTER_REPO_PREFIX ?= lambda-parallel-router
ROUTER_REPO_NAME ?= $(ROUTER_REPO_PREFIX)/router
ROUTER_VERSION ?= $(shell cat VERSION)
ROUTER_IMAGE_TAG ?= $(ROUTER_VERSION)
# Both: linux/amd64,linux/arm64. App Runner and ECS Express Mode run the first.
ROUTER_IMAGE_PLATFORM ?= linux/amd64
ROUTER_IMAGE_IDENTIFIER ?= $(ECR_REGISTRY)/$(ROUTER_REPO_NAME):$(ROUTER_IMAGE_TAG)
# APP_RUNNER or ECS_EXPRESS, for bootstrap and demo; empty leaves it to their templates, or to what was deployed before.
COMPUTE_PLATFORM ?=
BOOTSTRAP_STACK_NAME ?= lpr-bootstrap
BOOTSTRAP_TEMPLATE ?= bootstrap/template.yaml
# A bucket of yours for manifests; empty lets the stack make one.
BOOTSTRAP_BUCKET ?=
SAM_DEPLOY_FLAGS ?= --resolve-s3 --capabilities CAPABILITY_IAM --no-confirm-changeset --no-fail-on-empty-changeset

SETTINGS := AWS_REGION AWS_ACCOUNT_ID ECR_REGISTRY ROUTER_REPO_PREFIX ROUTER_REPO_NAME ROUTER_VERSION ROUTER_IMAGE_TAG \
	ROUTER_IMAGE_PLATFORM ROUTER_IMAGE_IDENTIFIER COMPUTE_PLATFORM SAM_DEPLOY_FLAGS BOOTSTRAP_STACK_NAME \
	BOOTSTRAP_TEMPLATE BOOTSTRAP_BUCKET
IN_BOOTSTRAP = cd $(dir $(BOOTSTRAP_TEMPLATE)) &&
BUILD_IMAGE = --platform $(ROUTER_IMAGE_PLATFORM) --provenance=false --file router/Dockerfile
comma := ,
SEVERAL_PLATFORMS = $(findstring $(comma),$(ROUTER_IMAGE_PLATFORM))
PUBLIC_REGISTRY = $(filter public.ecr.aws/%,$(ECR_REGISTRY))
# The command line tool knows public registries in one region only.
ECR = aws $(if $(PUBLIC_REGISTRY),ecr-public --region us-east-1,ecr --region $(AWS_REGION))
fail = { echo $(1) >&2; exit 1; }

.PHONY: deploy
deploy: deploy-check image-push bootstrap-deploy sam-deploy ## everything to AWS: image, bootstrap stack, demo stack

# The order matters, which make -j must not overlook: a stack needs its image, and the demo needs the macro.
ifneq ($(filter deploy,$(MAKECMDGOALS)),)
ecr-template ecr-login image-build bootstrap-build sam-build: | deploy-check
bootstrap-deploy: | image-push
sam-build: | bootstrap-deploy
endif

.PHONY: deploy-check
deploy-check: need-docker need-sam need-account need-repository ## what deploying needs, before anything is touched

.PHONY: print-vars
print-vars: need-account ## the values of the deployment's variables
	@: $(foreach name,$(SETTINGS),$(info $(name)=$($(name))))

.PHONY: ecr-template
ecr-template: need-account need-repository ## let the first push create the repository
	@$(if $(PUBLIC_REGISTRY),$(MAKE_PUBLIC_REPOSITORY),$(MAKE_CREATION_TEMPLATE))

define MAKE_CREATION_TEMPLATE
known=$$($(ECR) describe-repository-creation-templates --output json \
	--query "length(repositoryCreationTemplates[?prefix=='$(ROUTER_REPO_PREFIX)'])") && \
if [ "$$known" = 0 ]; then verb=create; else verb=update; fi && \
$(ECR) $$verb-repository-creation-template --prefix $(ROUTER_REPO_PREFIX) \
	--applied-for CREATE_ON_PUSH --image-tag-mutability MUTABLE > /dev/null
endef

# Public registries create nothing on a push.
define MAKE_PUBLIC_REPOSITORY
$(ECR) describe-repositories --repository-names $(ROUTER_REPO_NAME) > /dev/null 2>&1 || \
$(ECR) create-repository --repository-name $(ROUTER_REPO_NAME) > /dev/null
endef

.PHONY: ecr-template-delete
ecr-template-delete: need-account ## undo ecr-template; repositories stay
	-aws ecr delete-repository-creation-template --region $(AWS_REGION) --prefix $(ROUTER_REPO_PREFIX)

.PHONY: ecr-login
ecr-login: need-docker need-account ## let docker push to the registry
	@set -o pipefail; $(ECR) get-login-password | \
	docker login --username AWS --password-stdin $(firstword $(subst /, ,$(ECR_REGISTRY)))

.PHONY: image-build
image-build: need-docker ## build the router's image (ROUTER_IMAGE_PLATFORM=linux/amd64,linux/arm64 for both)
	docker $(if $(SEVERAL_PLATFORMS),buildx build --output type=cacheonly,build --tag $(LOCAL_IMAGE)) $(BUILD_IMAGE) .

# Not the whole identifier, so that building an image asks nobody for an account.
LOCAL_IMAGE = $(ROUTER_REPO_NAME):$(ROUTER_IMAGE_TAG)

.PHONY: image-push
image-push: ecr-template ecr-login image-build ## build the image and push it
# Docker's own store holds images of one architecture: those of several go from the build's cache to the registry.
ifneq ($(SEVERAL_PLATFORMS),)
	docker buildx build --push --tag $(ROUTER_IMAGE_IDENTIFIER) $(BUILD_IMAGE) .
else
	docker tag $(LOCAL_IMAGE) $(ROUTER_IMAGE_IDENTIFIER)
	docker push $(ROUTER_IMAGE_IDENTIFIER)
endif

.PHONY: bootstrap-build
bootstrap-build: need-sam $(INSTALLED)
	$(IN_BOOTSTRAP) sam build --template-file $(notdir $(BOOTSTRAP_TEMPLATE))

.PHONY: bootstrap-deploy
bootstrap-deploy: need-account bootstrap-build ## build and deploy the macro, the publisher and the bucket
	$(IN_BOOTSTRAP) sam deploy --stack-name $(BOOTSTRAP_STACK_NAME) --region $(AWS_REGION) $(SAM_DEPLOY_FLAGS) \
		--parameter-overrides DefaultRouterImageIdentifier=$(ROUTER_IMAGE_IDENTIFIER)$(if \
		$(COMPUTE_PLATFORM), DefaultComputePlatform=$(COMPUTE_PLATFORM))$(if \
		$(BOOTSTRAP_BUCKET), UseExistingBucket=$(BOOTSTRAP_BUCKET))

.PHONY: sam-build
sam-build: need-sam $(INSTALLED) ## build the demo
	cd sam && sam build

.PHONY: sam-deploy
sam-deploy: need-account sam-build ## build and deploy the demo; its settings are in sam/samconfig.toml
	cd sam && sam deploy --region $(AWS_REGION)$(if \
		$(COMPUTE_PLATFORM), --parameter-overrides ComputePlatform=$(COMPUTE_PLATFORM))

.PHONY: need-aws need-docker need-sam need-account need-repository
need-aws:
	@command -v aws > /dev/null || $(call fail,'aws is missing: install the AWS command line tool')

need-docker:
	@command -v docker > /dev/null || $(call fail,'docker is missing: install Docker with BuildKit')
	@docker version --format '{{.Server.Version}}' > /dev/null || $(call fail,'docker does not answer: start it')

need-sam:
	@command -v sam > /dev/null || $(call fail,'sam is missing: install the AWS SAM command line tool')

need-account: need-aws
	@test -n '$(AWS_REGION)' || $(call fail,'no AWS region: set AWS_REGION or run aws configure')
	@test -n '$(AWS_ACCOUNT_ID)' || $(call fail,'no AWS account: aws sts get-caller-identity finds no valid credentials')

# The template creates repositories below its prefix only, so that pushing to another would fail at the very end.
need-repository:
	@$(if $(filter $(ROUTER_REPO_PREFIX)/%,$(ROUTER_REPO_NAME)),:,$(call fail,'ROUTER_REPO_NAME must begin with $(ROUTER_REPO_PREFIX)/ (ROUTER_REPO_PREFIX): got $(ROUTER_REPO_NAME)'))
