using Symbolon.Core.Registry;
using Symbolon.Core.Registry.Files;

namespace Symbolon.Registry.Apply;

/// <summary>A day that has passed already is a mistake of who wrote it, and is refused while the file can still be corrected.</summary>
internal static class ExpiredDays
{
    public static IEnumerable<FieldError> In(Document document, DateOnly today, string path) => document switch
    {
        Document.Grant { Object.Expires: { } day } when day < today => [Passed($"{path}spec.expires", day)],
        Document.Server { Manifest.Credential: UpstreamCredential.Static { Expires: { } day } } when day < today => [Passed($"{path}spec.credential.expires", day)],
        _ => [],
    };

    private static FieldError Passed(string path, DateOnly day) =>
        new(path, FieldErrorCode.Expired, $"{day:yyyy-MM-dd} has passed.");
}
