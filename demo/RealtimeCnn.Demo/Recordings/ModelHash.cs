using System.Security.Cryptography;
using RealtimeCnn.Models;

namespace RealtimeCnn.Demo.Recordings;

/// <summary>What a recording knows a model's file by.</summary>
internal static class ModelHash
{
    /// <summary>SHA-256 of a model's file; empty where it cannot be read.</summary>
    public static string Of(string model)
    {
        try
        {
            if (ShippedModels.Names.Contains(model) || (ShippedModels.Contains(model) && !File.Exists(model)))
                return Convert.ToHexStringLower(SHA256.HashData(ShippedModels.Read(model)));
            using var file = File.OpenRead(model);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
