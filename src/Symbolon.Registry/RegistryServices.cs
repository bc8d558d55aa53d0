using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Registry.Apply;
using Symbolon.Registry.Grants;
using Symbolon.Registry.Identities;
using Symbolon.Registry.Secrets;
using Symbolon.Registry.Servers;

namespace Symbolon.Registry;

public static class RegistryServices
{
    /// <summary>
    /// Servers, agents, workflows, grants and secrets. Needs from the host: <c>Configuration</c>, <c>IConfigurationStore</c>,
    /// <c>IChangeLog</c>, <c>IAuditLog</c>, <c>ISecretBox</c>, <c>IHostLookup</c>, <c>IPinnedFiles</c> and <c>TimeProvider</c>.
    /// </summary>
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.TryAddSingleton<ChangeDesk>();
        return services
            .AddSingleton<SecretUse>()
            .AddSingleton<DocumentApplier>()
            .AddSingleton<ApprovalCheck>()
            .AddSingleton<ServerLifecycle>()
            .AddSingleton<IPinAlarm, PinAlarm>()
            .AddSingleton<IdentityLifecycle>()
            .AddSingleton<GrantLifecycle>()
            .AddSingleton<UpstreamSecrets>();
    }
}
