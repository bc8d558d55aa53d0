using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Symbolon.Client.Callers;

namespace Symbolon.Client.AspNetCore.Resources;

/// <summary>That the token lets its bearer do this with the resource of the request.</summary>
public sealed class ResourceRequirement(string action, Func<HttpContext, string?> resource) : AuthorizationHandler<ResourceRequirement>, IAuthorizationRequirement
{
    public string Action => action;

    /// <summary>The resource of this request; null where it names none.</summary>
    public string? ResourceOf(HttpContext http) => resource(http);

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ResourceRequirement requirement)
    {
        if (context.Resource is not HttpContext http) return Task.CompletedTask;
        var asked = requirement.ResourceOf(http);
        if (asked is not null && http.Features.Get<SymbolonCaller>() is { } caller && caller.Allows(requirement.Action, asked)) context.Succeed(requirement);
        else http.Features.Set(new NeededResource(asked is null ? null : $"{requirement.Action}:{asked}"));
        return Task.CompletedTask;
    }
}

/// <summary>What a refused request would have needed.</summary>
internal sealed record NeededResource(string? Scope);
