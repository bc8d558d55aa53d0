using System.Text.Json;
using System.Text.Json.Serialization;
using Symbolon.Admin.Access;
using Symbolon.Admin.Api;
using Symbolon.Admin.Apply;
using Symbolon.Admin.Audit;
using Symbolon.Admin.Authorizations;
using Symbolon.Admin.Clients;
using Symbolon.Admin.Exchanges;
using Symbolon.Admin.Grants;
using Symbolon.Admin.History;
using Symbolon.Admin.Identities;
using Symbolon.Admin.Issuers;
using Symbolon.Admin.Keys;
using Symbolon.Admin.Logins;
using Symbolon.Admin.Nodes;
using Symbolon.Admin.OAuthClients;
using Symbolon.Admin.Overview;
using Symbolon.Admin.Policies;
using Symbolon.Admin.Reasons;
using Symbolon.Admin.Resources;
using Symbolon.Admin.Reviews;
using Symbolon.Admin.Revocations;
using Symbolon.Admin.Secrets;
using Symbolon.Admin.Servers;
using Symbolon.Admin.Sessions;
using Symbolon.Admin.Tokens;
using Symbolon.Admin.Webhooks;

namespace Symbolon.Admin;

/// <summary>JSON of the admin API: generated, strict, names compared exactly, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNameCaseInsensitive = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.Strict,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApplyRequest))]
[JsonSerializable(typeof(ApplyResponse[]))]
[JsonSerializable(typeof(ApproveRequest))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(KeyOrderRequest))]
[JsonSerializable(typeof(EnrolmentResponse))]
[JsonSerializable(typeof(ServerKeyResponse[]))]
[JsonSerializable(typeof(ReviewSummary[]))]
[JsonSerializable(typeof(ReviewResponse))]
[JsonSerializable(typeof(DecideRequest))]
[JsonSerializable(typeof(HistoryResponse[]))]
[JsonSerializable(typeof(VersionDifferenceResponse))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(ChangeOwnerRequest))]
[JsonSerializable(typeof(QuarantineRequest))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(ServerSummary[]))]
[JsonSerializable(typeof(ServerResponse))]
[JsonSerializable(typeof(AssessedToolResponse[]))]
[JsonSerializable(typeof(DriftResponse[]))]
[JsonSerializable(typeof(IdentityResponse[]))]
[JsonSerializable(typeof(UserResponse[]))]
[JsonSerializable(typeof(ChangedUserResponse))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(ResetUserRequest))]
[JsonSerializable(typeof(UserRoleRequest))]
[JsonSerializable(typeof(AccessResponse[]))]
[JsonSerializable(typeof(AgentResponse[]))]
[JsonSerializable(typeof(WorkflowResponse[]))]
[JsonSerializable(typeof(GrantResponse[]))]
[JsonSerializable(typeof(PolicySummary[]))]
[JsonSerializable(typeof(PolicyResponse))]
[JsonSerializable(typeof(PolicyTestResultResponse[]))]
[JsonSerializable(typeof(RuleHitsResponse[]))]
[JsonSerializable(typeof(SimulateRequest))]
[JsonSerializable(typeof(SimulateResponse))]
[JsonSerializable(typeof(ResourceResponse[]))]
[JsonSerializable(typeof(ExchangeResponse[]))]
[JsonSerializable(typeof(IssuerResponse[]))]
[JsonSerializable(typeof(PutSecretRequest))]
[JsonSerializable(typeof(SecretResponse))]
[JsonSerializable(typeof(SecretSummary[]))]
[JsonSerializable(typeof(SecretRotationResponse))]
[JsonSerializable(typeof(IssueTokenRequest))]
[JsonSerializable(typeof(IssuedTokenResponse))]
[JsonSerializable(typeof(ListedTokenResponse[]))]
[JsonSerializable(typeof(TokenToolResponse[]))]
[JsonSerializable(typeof(RevocationRequest))]
[JsonSerializable(typeof(RevocationResponse))]
[JsonSerializable(typeof(OAuthClientResponse[]))]
[JsonSerializable(typeof(CreateOAuthClientRequest))]
[JsonSerializable(typeof(CreatedOAuthClientResponse))]
[JsonSerializable(typeof(ClientEventsResponse))]
[JsonSerializable(typeof(SetClientEventsRequest))]
[JsonSerializable(typeof(TestClientEventsRequest))]
[JsonSerializable(typeof(TestClientEventsResponse))]
[JsonSerializable(typeof(AuthorizationResponse[]))]
[JsonSerializable(typeof(EndAuthorizationsRequest))]
[JsonSerializable(typeof(EndedAuthorizationsResponse))]
[JsonSerializable(typeof(KeyResponse[]))]
[JsonSerializable(typeof(NodeResponse[]))]
[JsonSerializable(typeof(WebhookResponse))]
[JsonSerializable(typeof(WebhookTestResponse))]
[JsonSerializable(typeof(SessionResponse[]))]
[JsonSerializable(typeof(LoginResponse[]))]
[JsonSerializable(typeof(RedeemLoginRequest))]
[JsonSerializable(typeof(RedeemedLoginResponse))]
[JsonSerializable(typeof(ReasonResponse[]))]
[JsonSerializable(typeof(OverviewResponse))]
[JsonSerializable(typeof(AuditHeadResponse))]
[JsonSerializable(typeof(ChainCheckResponse))]
[JsonSerializable(typeof(JsonElement[]))]
[JsonSerializable(typeof(ClientConfigResponse))]
[JsonSerializable(typeof(ProblemResponse))]
public sealed partial class AdminJson : JsonSerializerContext;
