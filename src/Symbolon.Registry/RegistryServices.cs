using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.Core;
using Symbolon.Core.Changes;
using Symbolon.Core.OAuth;
using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Reviews;
using Symbolon.Registry.Apply;
using Symbolon.Registry.Changes;
using Symbolon.Registry.Credentials;
using Symbolon.Registry.Decisions;
using Symbolon.Registry.Drift;
using Symbolon.Registry.Identities;
using Symbolon.Registry.Reviews;
using Symbolon.Registry.Secrets;
using Symbolon.Registry.Servers;

namespace Symbolon.Registry;

public static class RegistryServices
{
    /// <summary>
    /// Servers, agents, workflows, grants, resources and secrets. Needs from the host: <c>Configuration</c>, <c>IConfigurationStore</c>,
    /// <c>IChangeLog</c>, <c>IReviewStore</c>, <c>IAccountStore</c>, <see cref="ReviewRules"/>, <c>IAuditLog</c>, <c>ISecretBox</c>, <c>IHostLookup</c>, <c>IPinnedFiles</c>, <see cref="ISecretTrials"/> and <c>TimeProvider</c>.
    /// </summary>
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.TryAddSingleton<ChangeDesk>();
        services.TryAddSingleton<EventClock>();
        return services
            .AddSingleton<SecretUse>()
            .AddSingleton<OwnSecrets>()
            .AddSingleton<DocumentApplier>()
            .AddSingleton<ApprovalCheck>()
            .AddSingleton<ServerChange>()
            .AddSingleton<ServerLifecycle>()
            .AddSingleton<ServerQuarantine>()
            .AddSingleton<ServerPlan>()
            .AddSingleton<ReviewOpening>()
            .AddSingleton<ReviewExpiry>()
            .AddSingleton<FourEyes>()
            .AddSingleton<ReviewSubjects>()
            .AddSingleton<ReviewDesk>()
            .AddSingleton<Rollback>()
            .AddSingleton<ManifestReviews>()
            .AddSingleton<DriftReviews>()
            .AddSingleton<IDriftAlarm, DriftAlarm>()
            .AddSingleton<IPinAlarm, PinAlarm>()
            .AddSingleton<IdentityLifecycle>()
            .AddSingleton<Retirement>()
            .AddSingleton<CredentialEpochs>()
            .AddSingleton<KeyHolders>()
            .AddSingleton<EnrolmentRecords>()
            .AddSingleton<EnrolmentDesk>()
            .AddSingleton<KeySuccessions>()
            .AddSingleton<IEnrolments, EnrolmentClaims>()
            .AddSingleton<IWorkloadEnrolments, WorkloadEnrolments>()
            .AddSingleton<SecretTwins>()
            .AddSingleton<UpstreamSecrets>()
            .AddSingleton<SecretRotation>();
    }
}
