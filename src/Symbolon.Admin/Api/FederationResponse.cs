using Symbolon.Core.Registry;

namespace Symbolon.Admin.Api;

/// <summary>Subjects of a foreign issuer.</summary>
/// <param name="Issuer">Name of the issuer here.</param>
/// <param name="Subject"><c>*</c> stands for any run of characters.</param>
public sealed record FederationResponse(string Issuer, string Subject)
{
    internal static IReadOnlyList<FederationResponse>? Of(IReadOnlyList<FederatedSubject> federation) =>
        federation.Count == 0 ? null : [.. federation.Select(each => new FederationResponse(each.Issuer.Value, each.Subject.Text))];
}
